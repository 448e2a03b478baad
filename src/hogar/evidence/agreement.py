"""How well do the households that were found agree with the true ones? Reads both memberships; returns figures.

What the figures mean stands in `clusters`; who is compared with whom in `matching`. `score` judges a whole resolution
of a synthetic market: households, line users, roles, members at other operators, each also by kind of household.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from hogar.evidence.clusters import HomeFigures, Overlap, Share, home_figures, mean
from hogar.evidence.line_agreement import line_rows
from hogar.evidence.matching import Matched, match, people

By = Literal["person", "party"]


@dataclass(frozen=True, kw_only=True)
class Agreement(HomeFigures):
    """Shares between 0 and 1; `None` where there is nothing to judge (no pair found, no line known).

    `judged` is how many were compared; `missing` how many parties of the truth the resolution does not know.
    """

    by: By
    judged: int
    missing: int
    line_user_accuracy: Share


def agreement(
    membership: pa.Table | Path,
    truth: pa.Table | Path,
    *,
    by: By = "person",
    line_user: pa.Table | Path | None = None,
    line_truth: pa.Table | Path | None = None,
) -> Agreement:
    """Compare found households with true ones.

    `membership` is the folder of a resolution, or a table (party_id, household_id); `truth` a table or Parquet file
    (party_id, person_id, household_id). By `person`, each true person counts once and lives where most of its parties
    were put (of equals the first id); by `party`, each party counts. A party of the truth that was not resolved counts
    as found alone. `line_user` (line_id, person_id, with the ids of the resolution; by default the folder's own) is
    judged against `line_truth` (line_id, person_id, with the ids of the truth): right where the user found has a party
    of the true one. Columns that are missing are a `UsageError`.
    """
    matched = match(membership, truth)
    overlap = overlap_of(matched, by)
    users: Share = None
    if line_truth is not None and isinstance(membership, Path) and membership.is_dir():
        given = line_user if line_user is not None else membership / "line_user.parquet"
        lines = line_rows(given, line_truth, matched)
        users = mean(lines.right)
    return Agreement(
        by=by,
        judged=len(overlap),
        missing=matched.missing,
        line_user_accuracy=users,
        **vars(home_figures(overlap)),
    )


def overlap_of(matched: Matched, by: By) -> Overlap:
    """Found and true homes of every party, or of every person."""
    if by == "party":
        return Overlap.of(matched.found_home, matched.home)
    persons = people(matched)
    return Overlap.of(persons.found_home, persons.home)
