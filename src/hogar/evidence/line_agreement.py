"""Is each line used by whom we think? Reads the users found and the true ones; returns a row for each line judged.

A line that ended has no user any more and is not judged, where the canonical table of lines is there to say so.
After: `matching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hogar.evidence.clusters import Flags, Labels
from hogar.evidence.matching import Matched, number, read


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRows:
    """For each line judged its true user (-1: nobody of the truth's membership) and whether it was found.

    `ended` counts the lines that are not judged.
    """

    user: Labels
    right: Flags
    ended: int

    def where(self, chosen: Flags) -> LineRows:
        """These lines alone."""
        return LineRows(user=self.user[chosen], right=self.right[chosen], ended=self.ended)


def line_rows(
    found: pa.Table | Path,
    truth: pa.Table | Path,
    matched: Matched,
    lines: pa.Table | Path | None = None,
    now: date | None = None,
) -> LineRows:
    """`found` (line_id, person_id) with ids of the resolution, `truth` the same with the truth's.

    Right where the user found has a party of the true one; a line without a guess is a miss. With the canonical
    `lines` (line_id, ended_on), those that had ended by `now` are left out.
    """
    true = read(truth, ("line_id", "person_id"), "truth about lines")
    guesses = read(found, ("line_id", "person_id"), "line users")
    count = len(true)
    if lines is not None:
        ended = read(lines, ("line_id", "ended_on"), "table of lines")
        if now is not None:
            ended = ended.filter(pc.less_equal(ended["ended_on"], pa.scalar(now)))
        true = true.filter(pa.array(number(true["line_id"], ended["line_id"]) < 0))
    user = number(true["person_id"], matched.persons)
    place = number(true["line_id"], guesses["line_id"])
    guess = np.append(number(guesses["person_id"], matched.found_persons), -1)[place]
    return LineRows(user=user, right=_alike(user, guess, matched), ended=count - len(true))


def _alike(user: Labels, guess: Labels, matched: Matched) -> Flags:
    """Whether a true person and a found one have a party in common."""
    width = len(matched.found_persons) + 1
    alike = np.unique(matched.person * width + matched.found_person)
    return np.asarray((user >= 0) & (guess >= 0) & np.isin(user * width + guess, alike))
