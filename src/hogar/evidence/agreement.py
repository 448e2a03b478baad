"""How well do the households that were found agree with the true ones? Reads both memberships; returns figures.

What the figures mean stands in `clusters`; who is compared with whom in `matching`. `score` judges a whole resolution
of a synthetic market: households, line users, roles, members at other operators, each also by kind of household.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from hogar.evidence.clusters import (
    Overlap,
    Share,
    adjusted_rand,
    b_cubed,
    exact_share,
    f1,
    mean,
    pair_shares,
)
from hogar.evidence.line_agreement import line_rows
from hogar.evidence.matching import Matched, match, people

By = Literal["person", "party"]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Shares between 0 and 1; `None` where there is nothing to judge (no pair found, no line known).

    `judged` is how many were compared; `missing` how many parties of the truth the resolution does not know;
    `biggest_cluster` the members of the biggest household found, `biggest_true` of the biggest true one.
    """

    by: By
    judged: int
    missing: int
    pair_precision: Share
    pair_recall: Share
    pair_f1: Share
    b_cubed_precision: Share
    b_cubed_recall: Share
    b_cubed_f1: Share
    exact_share: Share
    adjusted_rand: Share
    biggest_cluster: int
    biggest_true: int
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
    precision, recall = pair_shares(overlap)
    own_precision, own_recall = b_cubed(overlap)
    users: Share = None
    if line_truth is not None and isinstance(membership, Path) and membership.is_dir():
        given = line_user if line_user is not None else membership / "line_user.parquet"
        lines = line_rows(given, line_truth, matched)
        users = mean(lines.right)
    return Agreement(
        by=by,
        judged=len(overlap),
        missing=matched.missing,
        pair_precision=precision,
        pair_recall=recall,
        pair_f1=f1(precision, recall),
        b_cubed_precision=own_precision,
        b_cubed_recall=own_recall,
        b_cubed_f1=f1(own_precision, own_recall),
        exact_share=exact_share(overlap),
        adjusted_rand=adjusted_rand(overlap),
        biggest_cluster=overlap.biggest,
        biggest_true=overlap.biggest_true,
        line_user_accuracy=users,
    )


def overlap_of(matched: Matched, by: By) -> Overlap:
    """Found and true homes of every party, or of every person."""
    if by == "party":
        return Overlap.of(matched.found_home, matched.home)
    persons = people(matched)
    return Overlap.of(persons.found_home, persons.home)
