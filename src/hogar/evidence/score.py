"""How well was a synthetic market resolved? Reads a resolution, the truth, the canonical tables; returns all figures.

Households, line users, roles and members at other operators, for the whole market and for each kind of
true household. What a market or a resolution does not hold is not judged, and the score says why.
After: `figures`; before: `cli`, which prints.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hogar.evidence.agreement import By, overlap_of
from hogar.evidence.clusters import Labels
from hogar.evidence.figures import Figures, Judged
from hogar.evidence.line_agreement import line_rows
from hogar.evidence.matching import Matched, ids_of, match, number, people, read
from hogar.evidence.offnet_agreement import offnet_rows
from hogar.evidence.role_agreement import role_rows

OFFNET_STEP = "number_home"  # of the resolution; without it an empty table means that nobody was looked for


@dataclass(frozen=True, kw_only=True)
class KindFigures(Figures):
    """The same, of those who truly live in one kind of household.

    A wrong pair counts for each of its two kinds; the Rand index looks at pairs within the kind.
    """

    kind: str


@dataclass(frozen=True, kw_only=True)
class NotJudged:
    """What has no figure, and why."""

    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Score(Figures):
    """The figures of the whole market, of each kind of household, and what was not judged.

    `missing` is how many parties of the truth the resolution does not know.
    """

    by: By
    missing: int
    kinds: tuple[KindFigures, ...]
    not_judged: tuple[NotJudged, ...]


def score(
    resolved: Path,
    membership: Path,
    *,
    canonical: Path | None = None,
    now: date | None = None,
    by: By = "person",
) -> Score:
    """Judge the folder of a resolution by the truth.

    `membership` is the truth's table (party_id, person_id, household_id); `lines`, `roles`, `households` and `offnet`
    are looked for beside it. `canonical` is the finished folder of `ingest`: its lines say who holds one and which
    ended by `now`, its ties which numbers of other operators could be found. Columns that are missing are a
    `UsageError`.
    """
    files = _files(resolved, membership, canonical)
    matched = match(resolved, membership)
    kinds, kind_of_home = _kinds(files["households"], matched)
    judged = _judged(files, matched, now, by, kind_of_home)
    by_kind = [
        KindFigures(kind=kind, **vars(judged.of_kind(place).figures())) for place, kind in enumerate(kinds)
    ]
    return Score(
        **vars(judged.figures()),
        by=by,
        missing=matched.missing,
        kinds=tuple(sorted(by_kind, key=lambda kind: (-kind.households, kind.kind))),
        not_judged=tuple(_not_judged(files, judged)),
    )


def _judged(
    files: Mapping[str, Path | None], matched: Matched, now: date | None, by: By, kind_of_home: Labels
) -> Judged:
    persons = people(matched)
    home_of_person = np.full(len(matched.persons) + 1, -1)
    home_of_person[persons.person] = persons.home
    lines, roles, offnet = None, None, None
    if files["line_user"] and files["lines"]:
        lines = line_rows(files["line_user"], files["lines"], matched, files["line"], now)
    if files["role"] and files["roles"]:
        roles = role_rows(files["role"], files["roles"], matched, files["line"])
    if files["stated_offnet"] and files["offnet"]:
        offnet = offnet_rows(
            files["stated_offnet"], files["offnet"], matched, persons, files["tie_month"], files["line"]
        )
    return Judged(
        overlap=overlap_of(matched, by), lines=lines, roles=roles, offnet=offnet,
        home_of_person=home_of_person, kind_of_home=kind_of_home,
    )  # fmt: skip


def _files(resolved: Path, membership: Path, canonical: Path | None) -> Mapping[str, Path | None]:
    """The files that there are: the truth's by their names, what was found, the canonical tables."""
    wanted = {
        **{
            name: membership.parent / f"{name}.parquet" for name in ("lines", "roles", "households", "offnet")
        },
        "line_user": resolved / "line_user.parquet",
        "role": resolved / "role.parquet",
        "stated_offnet": resolved / "offnet.parquet",
        **{name: canonical and canonical / f"{name}.parquet" for name in ("line", "tie_month")},
    }
    found = {name: path if path and path.is_file() else None for name, path in wanted.items()}
    stated = found["stated_offnet"]
    if stated and not pq.read_metadata(stated).num_rows and not _looked_for(resolved):
        found["stated_offnet"] = None
    return found


def _looked_for(resolved: Path) -> bool:
    """Whether the resolution looked for members at other operators at all: its report names the step."""
    report = resolved / "report.json"
    steps = json.loads(report.read_bytes()).get("steps", ()) if report.is_file() else ()
    return any(step.get("name") == OFFNET_STEP for step in steps)


def _kinds(households: Path | None, matched: Matched) -> tuple[list[str], Labels]:
    """The kinds of true households by name, and each home's place among them (-1: not told; the last is nowhere's)."""
    if households is None:
        return [], np.full(len(matched.homes) + 1, -1)
    told = read(households, ("household_id", "kind"), "truth about households")
    kinds = ids_of(told["kind"])
    kind = np.append(number(told["kind"], kinds), -1)[number(matched.homes, told["household_id"])]
    present = np.unique(kind[kind >= 0])
    places = np.append(np.searchsorted(present, kind), -1)
    places[:-1][kind < 0] = -1
    return kinds.take(pa.array(present)).to_pylist(), places


def _not_judged(files: Mapping[str, Path | None], judged: Judged) -> Iterator[NotJudged]:
    """What has no figure: the truth or the resolution does not tell of it."""
    for name, found, what in (
        ("lines", "line_user", "line users"),
        ("roles", "role", "roles"),
        ("offnet", "stated_offnet", "members at other operators"),
    ):
        if files[found] is None:
            yield NotJudged(what=what, why="not looked for")
        elif files[name] is None:
            yield NotJudged(what=what, why=f"the truth has no {name}.parquet")
    if files["households"] is None:
        yield NotJudged(what="kinds of households", why="the truth has no households.parquet")
    if judged.roles and judged.roles.holder is None:
        yield NotJudged(what="roles by holder", why="there is no canonical table of lines")
    if judged.offnet and judged.offnet.found is None:
        yield NotJudged(what="members at other operators found", why="there is no canonical table of ties")
    if judged.lines and judged.lines.ended:
        yield NotJudged(what=f"{judged.lines.ended:,} lines", why="they had ended and have no user any more")
    if judged.roles and judged.roles.strangers:
        yield NotJudged(
            what=f"roles of {judged.roles.strangers:,} persons", why="the resolution knows no party of theirs"
        )
