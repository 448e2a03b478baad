"""Which household does an id mean? Takes a household's, person's, party's or line's; returns the household of now.

An id that stood for somebody before and does so no longer is a `UsageError` that says what became of it, as far as the
history and the events of the last resolution tell. Before: `resolve`; after: `explain`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from hogar.errors import UsageError

HOMES_TOLD_MAX = 5


def meant(id: str, folder: Path) -> str:
    """The id of the household that `id` means in the resolution of this folder; `UsageError` where there is none."""
    if not id:
        raise UsageError("name a household: its id, or that of a person, a party or a line of it")
    if _rows(folder, "membership", household_id=id):
        return id
    person = id
    for name, column in (("party_person", "party_id"), ("line_user", "line_id")):
        for row in _rows(folder, name, **{column: id}):
            person = row["person_id"]
    home = _home(folder, person)
    if home is not None:
        return home
    raise UsageError(
        _ended_person(id, folder)
        or _ended_household(id, folder)
        or f"there is no household `{id}`, and no person, party or line of this id; "
        "ids carry their silo, such as crm:C2248256"
    )


def _home(folder: Path, person: str) -> str | None:
    return next((str(row["household_id"]) for row in _rows(folder, "membership", person_id=person)), None)


def _ended_person(id: str, folder: Path) -> str | None:
    """What became of a person: it was recognised as another, or is known no more."""
    past = _rows(folder, "history", person_id=id)
    told = [row for row in _rows(folder, "event", other_person_id=id) if row["kind"] == "recognised"]
    # a person is named after one of its parties, which lasts
    parties = _rows(folder, "party_person", party_id=id.removeprefix("P-")) if id.startswith("P-") else []
    now = next((str(row["person_id"]) for row in (*told, *parties)), None)
    if now is not None and (past or told):
        when = told[0]["day"] if told else _end(past)
        return f"`{id}` is `{now}` since {when}: they were recognised as one person; ask for `{now}`"
    return f"`{id}` is known no more since {_end(past)}" if past else None


def _ended_household(id: str, folder: Path) -> str | None:
    """What became of a household: it was merged into another, or its persons went their ways."""
    for row in _rows(folder, "event", other_household_id=id):
        if row["kind"] == "merged":
            into = row["household_id"]
            return f"`{id}` was merged into `{into}` on {row['day']}; ask for `{into}`"
    past = _rows(folder, "history", household_id=id)
    left = [row for row in _rows(folder, "event", household_id=id) if row["kind"] == "left"]
    if not past and not left:
        return None
    end = _end(past) if past else left[0]["day"]
    went = [row["person_id"] for row in past if row["valid_to"] == end] + [row["person_id"] for row in left]
    homes = sorted({home for person in went if (home := _now(folder, person)) is not None})
    listed = ", ".join(f"`{home}`" for home in homes[:HOMES_TOLD_MAX])
    more = f" and {len(homes) - HOMES_TOLD_MAX} more" if len(homes) > HOMES_TOLD_MAX else ""
    where = f"its persons are in {listed}{more} now" if homes else "its persons are known no more"
    return f"`{id}` ended on {end}: {where}"


def _now(folder: Path, person: str) -> str | None:
    """The household of a person of before: under its name, else under that of the party it was named after."""
    home = _home(folder, person)
    if home is not None:
        return home
    named = _rows(folder, "party_person", party_id=person.removeprefix("P-"))
    return _home(folder, named[0]["person_id"]) if named else None


def _end(past: list[dict[str, Any]]) -> date | None:
    return max((row["valid_to"] for row in past if row["valid_to"] is not None), default=None)


def _rows(folder: Path, name: str, **wanted: str) -> list[dict[str, Any]]:
    """The rows with these values; none where a resolution of an earlier release wrote no such file."""
    path = folder / f"{name}.parquet"
    if not path.is_file():
        return []
    filters = [(column, "==", value) for column, value in wanted.items()]
    rows: list[dict[str, Any]] = pq.read_table(path, filters=filters).to_pylist()
    return rows
