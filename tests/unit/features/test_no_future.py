"""The past knows nothing of its future: whatever was written after a day changes nothing of what the day shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.unit.features.tiny import RESOLVED, TODAY, at, insert, tiny_market

from hogar.features import compute_entities
from hogar.features.past import past
from hogar.telco.tables import BY_NAME, TABLES

ACME = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"
DAY = date(2025, 12, 2)
LATER = DAY + timedelta(days=9)

# When a row came to be: after that the row is of the future. None: the whole table is without a history.
BORN: dict[str, str | None] = {
    "person": "customer_since", "address": "valid_from", "account": "opened_on", "line": "started_on",
    "line_offer": "since", "order": "ordered_at", "bill": "month", "top_up": "at", "usage_day": "day",
    "tie_month": "month", "place_month": "month", "place_night": "day", "network_quality": "month",
    "device_use": "first_seen", "ticket": "opened_at", "web_event": "at", "event": "at", "consent": "at",
    "contact": "at", "declaration": "at", "selfcare_login": None,
}  # fmt: skip
# What is written into a row after it came to be, as it could stand there later.
LATER_IN_A_ROW: dict[str, dict[str, Any]] = {
    "line": {"ended_on": LATER, "end_reason": "port_out"}, "line_offer": {"until": LATER},
    "order": {"state": "done"}, "ticket": {"closed_at": at(LATER)}, "device_use": {"last_seen": LATER},
    "contact": {"outcome": "declined"},
}  # fmt: skip
# No row of these is about a customer's doing; what they say is today's on every day (docs/features.md).
TIMELESS = {"offer", "offer_price", "offer_rule", "serviceability", "margin"}
# A silo overwrites these without a trace: today's value is all there is (docs/features.md).
OVERWRITTEN = {("line", "commitment_until"), ("person", "birth_date"), ("device_use", "released_on")}


@contextmanager
def market() -> Iterator[duckdb.DuckDBPyConnection]:
    """The two homes, with a row in every table on a day before."""
    with tiny_market() as con:
        for name in BORN:
            insert(con, name, row(name, DAY - timedelta(days=40), "before"))
        yield con


def row(table: str, day: date, word: str) -> dict[str, Any]:
    """A row of a table that came to be on a day, about the man of the two homes; everything in it is said."""
    values: dict[str, Any] = {}
    for column in BY_NAME[table].columns:
        kinds: dict[str, Any] = {"text": word, "integer": 777, "double": 777.0, "boolean": False, "date": day,
                                 "timestamp": at(day)}  # fmt: skip
        values[column.name] = column.one_of[0] if column.one_of else kinds[column.type]
    values |= {name: "crm:he" for name in ("party_id", "payer_party_id", "holder_party_id") if name in values}
    values |= {"other_party_id": "crm:son"} if "other_party_id" in values else {}
    values |= {"line_id": "l:he"} if "line_id" in values and table != "line" else {}
    if table in ("person", "account", "line"):  # another one, for this one is there
        values[BY_NAME[table].key[0]] = f"crm:{word}"
    for name in LATER_IN_A_ROW.get(table, {}):
        values[name] = None
    return values


def seen(con: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    """All that a feature query can read on the day, in some order of rows."""
    with past(con, DAY, extracted=TODAY):
        names = [*(table.name for table in TABLES), *RESOLVED, "line_home", "unprofiled"]
        return {name: con.execute(f'FROM "{name}" ORDER BY ALL').fetchall() for name in names}


def test_every_table_with_a_time_is_looked_at() -> None:
    """A new canonical table must say when its rows came to be, or that it has no history."""
    assert BORN.keys() | TIMELESS == BY_NAME.keys()
    for table, column in BORN.items():
        times = {c.name for c in BY_NAME[table].columns if c.type in ("date", "timestamp")}
        told = {column, *LATER_IN_A_ROW.get(table, {}), *(name for one, name in OVERWRITTEN if one == table)}
        assert times <= told, f"{table}: {times - told} may show the future"


@pytest.mark.parametrize("table", BORN)
def test_rows_of_the_future_change_nothing(table: str) -> None:
    """Absurd ones are added, those that are there are taken away: the day shows the same."""
    with market() as con:
        before = seen(con)
        for days in (1, 9, 60):
            insert(con, table, row(table, DAY + timedelta(days=days), f"after-{days}"))
        assert seen(con) == before, "it saw what was added"
        born = BORN[table]
        where = "true" if born is None else f"\"{born}\"::DATE > DATE '{DAY}'"
        if table == "consent":
            where += " AND purpose <> 'profiling'"  # an objection counts on every day, that is the law
        con.execute(f'DELETE FROM "{table}" WHERE {where}').fetchall()
        assert seen(con) == before, "it missed what was taken away"


@pytest.mark.parametrize("table", LATER_IN_A_ROW)
def test_what_is_written_into_a_row_later_changes_nothing(table: str) -> None:
    """An end, a state, an answer of the future: the day shows the row as it was, or that it does not know."""
    with market() as con:
        before = seen(con)
        for column, value in LATER_IN_A_ROW[table].items():
            born = BORN[table]
            con.execute(f'UPDATE "{table}" SET "{column}" = $value WHERE "{born}"::DATE <= $day',
                        {"value": value, "day": DAY}).fetchall()  # fmt: skip
        changed = seen(con)
    for name, rows in before.items():
        assert changed[name] == rows, f"{name} shows what was written into {table} later"


@pytest.mark.parametrize(
    "table", [name for name in RESOLVED if name != "consented_line"]
)  # the gate is today's
def test_what_was_concluded_from_everything_is_no_knowledge_of_the_day(table: str) -> None:
    """Users, roles, advisers and numbers elsewhere come from all data: on a day before they are unknown, or as told."""
    told_today = {"line_user", "role", "adviser", "offnet"}
    with market() as con:
        before = seen(con)
        if table in told_today:
            con.execute(f"DELETE FROM {table}").fetchall()
            if table == "adviser":
                insert(con, table, {"person_id": "P-2", "adviser_person_id": "P-3"})
            assert seen(con)[table] == ([] if table == "adviser" else before[table])
        else:
            assert before[table] == con.execute(f"FROM main.{table} ORDER BY ALL").fetchall()


def test_who_is_no_customer_yet_is_in_no_row(tmp_path: Path) -> None:
    """A person whose only party came later has no features on the day, nor a household of his own."""
    with tiny_market() as con:
        insert(
            con, "person", {"party_id": "crm:new", "birth_date": date(1990, 1, 1), "customer_since": LATER}
        )
        insert(con, "party_person", {"party_id": "crm:new", "person_id": "P-9"})
        insert(con, "membership", {"person_id": "P-9", "household_id": "H-9", "probability": 1.0})
        insert(con, "household", {"household_id": "H-9", "anchor": "crm:new"})
        then = compute_entities(con=con, project=ACME, as_of=DAY, extracted=TODAY)
        today = compute_entities(con=con, project=ACME, as_of=TODAY, extracted=TODAY)
    assert ("P-9" in then["person"]["id"], "H-9" in then["household"]["id"]) == (False, False)
    assert ("P-9" in today["person"]["id"], "H-9" in today["household"]["id"]) == (True, True)
