"""Who holds which role, found and truly? Reads both; returns a row for each person judged, and figures by role.

Judged are the persons of the truth whom the resolution knows, minors too; a person has the roles of every found
person with one of its parties. A role that is stated with a probability below `STATED_MIN`, or not at all, is an
abstention, and an abstention about who holds the role is a miss. Beside it stands a baseline: whoever holds or held a
line has every role. It is made as strong as it can be: persons are told apart by the truth, so that no wrong match
spoils it, and a line that ended counts. After: `matching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hogar.evidence.clusters import Flags, Labels, Share, share
from hogar.evidence.matching import Matched, ids_of, number, read
from hogar.telco.roles import ROLES

STATED_MIN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRows:
    """For each person judged, role by role: truly held, stated; and whether it holds a line (None: not known).

    `strangers` counts the persons with a role whom the resolution does not know.
    """

    person: Labels
    held: Flags
    stated: Flags
    holder: Flags | None
    strangers: int

    def where(self, chosen: Flags) -> RoleRows:
        """These persons alone."""
        holder = None if self.holder is None else self.holder[chosen]
        return RoleRows(
            person=self.person[chosen], held=self.held[chosen], stated=self.stated[chosen], holder=holder,
            strangers=self.strangers,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RoleFigures:
    """How well one role was found, and how well by "the holder does everything"; counts are of persons."""

    role: str
    held: int
    stated: int
    right: int
    precision: Share
    recall: Share
    f1: Share
    f1_holder: Share


def role_rows(
    found: pa.Table | Path,
    truth: pa.Table | Path,
    matched: Matched,
    lines: pa.Table | Path | None = None,
) -> RoleRows:
    """`found` (person_id, role and, where it is there, probability), `truth` (person_id, role).

    `lines` is the canonical table (line_id, holder_party_id) for the baseline.
    """
    judged = np.flatnonzero(matched.known)
    true = read(truth, ("person_id", "role"), "truth about roles")
    held = _matrix(true, matched.persons)
    stated = _matrix(_stated(found), matched.found_persons)
    resolved = matched.found_person >= 0
    person, same = matched.person[resolved], matched.found_person[resolved]
    reached = np.zeros_like(held)
    for role in range(len(ROLES)):
        reached[:, role] = np.bincount(person, stated[same, role], minlength=len(held)) > 0
    known = np.append(matched.known, False)[number(ids_of(true["person_id"]), matched.persons)]
    return RoleRows(
        person=judged, held=held[judged], stated=reached[judged], holder=_holders(lines, matched, judged),
        strangers=int((~known).sum()),
    )  # fmt: skip


def role_figures(rows: RoleRows) -> tuple[RoleFigures, ...]:
    """A row for each of the six roles."""
    return tuple(_figures(rows, place, role) for place, role in enumerate(ROLES))


def macro_f1(roles: tuple[RoleFigures, ...], *, holder: bool = False) -> Share:
    """The mean F1 of the roles that somebody judged truly holds; with `holder` the baseline's."""
    found = [role.f1_holder if holder else role.f1 for role in roles if role.held]
    shares = [value for value in found if value is not None]
    return fmean(shares) if shares else None


def _figures(rows: RoleRows, place: int, role: str) -> RoleFigures:
    held, stated = rows.held[:, place], rows.stated[:, place]
    right = held & stated
    by_holder: Share = None
    if rows.holder is not None:
        by_holder = share(2 * _sum(held & rows.holder), _sum(held) + _sum(rows.holder))
    return RoleFigures(
        role=role,
        held=_sum(held),
        stated=_sum(stated),
        right=_sum(right),
        precision=share(_sum(right), _sum(stated)),
        recall=share(_sum(right), _sum(held)),
        f1=share(2 * _sum(right), _sum(held) + _sum(stated)),
        f1_holder=by_holder,
    )


def _stated(found: pa.Table | Path) -> pa.Table:
    """What is stated surely enough; a table without probabilities states what it holds."""
    names = pq.read_schema(found).names if isinstance(found, Path) else found.column_names
    if "probability" not in names:
        return read(found, ("person_id", "role"), "roles found")
    table = read(found, ("person_id", "role", "probability"), "roles found")
    return table.filter(pc.greater_equal(table["probability"], STATED_MIN))


def _matrix(roles: pa.Table, persons: pa.Array) -> Flags:
    """A row for each person, a column for each role: whether a row of the table says so."""
    who, role = number(roles["person_id"], persons), number(roles["role"], pa.array(ROLES))
    matrix = np.zeros((len(persons), len(ROLES)), dtype=np.bool_)
    given = (who >= 0) & (role >= 0)
    matrix[who[given], role[given]] = True
    return matrix


def _holders(lines: pa.Table | Path | None, matched: Matched, judged: Labels) -> Flags | None:
    if lines is None:
        return None
    held = read(lines, ("line_id", "holder_party_id"), "table of lines")
    holds = number(matched.parties, held["holder_party_id"]) >= 0
    return np.asarray(np.bincount(matched.person[holds], minlength=len(matched.persons))[judged] > 0)


def _sum(flags: npt.NDArray[np.bool_]) -> int:
    return int(flags.sum())
