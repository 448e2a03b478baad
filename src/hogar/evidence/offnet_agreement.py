"""Were household members at other operators found? Reads the numbers stated to be members, and whose they truly are.

Precision looks at each statement (a number, a household, a probability of at least `STATED_MIN`): right where the
number is a member's and the found home is the member's, by where most of its persons truly live. Recall looks at the
members' numbers that ever talked with a line of ours; nobody can find the others. After: `matching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hogar.evidence.clusters import Flags, Labels
from hogar.evidence.matching import Matched, People, home_of_found, ids_of, number, read
from hogar.evidence.role_agreement import STATED_MIN

MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class OffnetRows:
    """Each statement: the true home of the home it names (-1: none), and whether it is right.

    Each true member's number that talked with us: its home (-1: a home that no silo knows), and whether it was found
    (None: there are no ties to tell).
    """

    stated_home: Labels
    stated_right: Flags
    home: Labels
    found: Flags | None

    def where(self, homes: Flags) -> OffnetRows:
        """Of these homes alone (a flag for each, the last for nowhere)."""
        said, mine = homes[self.stated_home], homes[self.home]
        return OffnetRows(
            stated_home=self.stated_home[said],
            stated_right=self.stated_right[said],
            home=self.home[mine],
            found=None if self.found is None else self.found[mine],
        )


def offnet_rows(
    stated: pa.Table | Path,
    truth: pa.Table | Path,
    matched: Matched,
    persons: People,
    ties: pa.Table | Path | None = None,
    lines: pa.Table | Path | None = None,
) -> OffnetRows:
    """`stated` (number_id, household_id, probability), `truth` (number_id, kind, household_id).

    `ties` (line_id, other_line_id) and `lines` (line_id) are the canonical tables.
    """
    said = read(stated, ("number_id", "household_id", "probability"), "numbers of members")
    said = said.filter(pc.greater_equal(said["probability"], STATED_MIN))
    true = read(truth, ("number_id", "kind", "household_id"), "truth about other operators' numbers")
    true = true.filter(pc.equal(true["kind"], MEMBER))
    home = number(true["household_id"], matched.homes)
    homes = home_of_found(persons, len(matched.found_homes))
    stated_home = np.append(homes, -1)[number(said["household_id"], matched.found_homes)]
    place = number(said["number_id"], true["number_id"])
    right = (stated_home >= 0) & (np.append(home, -1)[place] == stated_home)
    if ties is None or lines is None:
        return OffnetRows(stated_home=stated_home, stated_right=right, home=home, found=None)
    found = np.zeros(len(true), dtype=np.bool_)
    found[place[right]] = True
    heard = _heard(true["number_id"], ties, lines)
    return OffnetRows(stated_home=stated_home, stated_right=right, home=home[heard], found=found[heard])


def _heard(numbers: pa.ChunkedArray, ties: pa.Table | Path, lines: pa.Table | Path) -> Flags:
    """Which of the numbers ever talked with a line of ours."""
    pairs = read(ties, ("line_id", "other_line_id"), "table of ties")
    ours = read(lines, ("line_id",), "table of lines")["line_id"]
    heard = [
        ids_of(pairs.filter(pa.array(number(pairs[own], ours) >= 0))[other])
        for own, other in (("line_id", "other_line_id"), ("other_line_id", "line_id"))
    ]
    return np.asarray((number(numbers, heard[0]) >= 0) | (number(numbers, heard[1]) >= 0))
