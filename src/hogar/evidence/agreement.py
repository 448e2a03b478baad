"""How well do the households that were found agree with the true ones? Reads both memberships; returns figures.

Pairs: of two who were put together, how many live together (precision), and of those who do, how many were found
(recall). B-cubed: the same from each member's own point of view, each true household weighing the same, so that
big ones do not drown small ones. The definitions are those of the package er-evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hogar.errors import UsageError

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Shares between 0 and 1; `None` where there is nothing to judge (no pair found, no line known).

    `judged` is how many were compared; `missing` how many of the truth the resolution does not know.
    """

    by: Literal["person", "party"]
    judged: int
    missing: int
    pair_precision: float | None
    pair_recall: float | None
    pair_f1: float | None
    b_cubed_precision: float | None
    b_cubed_recall: float | None
    b_cubed_f1: float | None
    exact_share: float | None
    line_user_accuracy: float | None


def agreement(
    membership: pa.Table | Path,
    truth: pa.Table | Path,
    *,
    by: Literal["person", "party"] = "person",
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
    parties = _found(membership)
    known = _read(truth, ("party_id", "person_id", "household_id"), "truth")
    both = known.join(parties, keys="party_id", right_suffix="_found").sort_by("party_id")
    missing = both["household_id_found"].null_count
    alone = pc.binary_join_element_wise("not resolved", both["party_id"], " ")
    found = pc.coalesce(both["household_id_found"], alone)
    judged = pa.table({"id": both["person_id"], "true": both["household_id"], "found": found})
    if by == "person":
        judged = _one_row_a_person(judged)
    predicted, true = _numbers(judged["found"]), _numbers(judged["true"])
    precision, recall = pair_shares(predicted, true)
    own_precision, own_recall = b_cubed(predicted, true)
    return Agreement(
        by=by,
        judged=len(judged),
        missing=missing,
        pair_precision=precision,
        pair_recall=recall,
        pair_f1=_f1(precision, recall),
        b_cubed_precision=own_precision,
        b_cubed_recall=own_recall,
        b_cubed_f1=_f1(own_precision, own_recall),
        exact_share=exact_share(predicted, true),
        line_user_accuracy=_line_user_accuracy(membership, known, line_user, line_truth),
    )


def pair_shares(predicted: Labels, true: Labels) -> tuple[float | None, float | None]:
    """Precision and recall of the pairs that share a label."""
    hits = _pairs(_sizes(_crossed(predicted, true)))
    found, real = _pairs(_sizes(predicted)), _pairs(_sizes(true))
    return (hits / found if found else None), (hits / real if real else None)


def b_cubed(predicted: Labels, true: Labels) -> tuple[float | None, float | None]:
    """B-cubed precision and recall, the mean over true households of their members' own shares.

    A member's precision is the share of its found home (itself included) that truly lives with it; its recall the
    share of its true home that was found.
    """
    if not len(true):
        return None, None
    crossed = _crossed(predicted, true)
    hits, size = _sizes(crossed)[crossed], _sizes(true)[true]
    homes = len(np.unique(true))
    precision = (hits / _sizes(predicted)[predicted] / size).sum() / homes
    recall = (hits / size / size).sum() / homes
    return float(precision), float(recall)


def exact_share(predicted: Labels, true: Labels) -> float | None:
    """The share of true households that were found with all their members and nobody else."""
    if not len(true):
        return None
    crossed = _crossed(predicted, true)
    hits = _sizes(crossed)[crossed]
    whole = (hits == _sizes(predicted)[predicted]) & (hits == _sizes(true)[true])
    return len(np.unique(true[whole])) / len(np.unique(true))


def _found(membership: pa.Table | Path) -> pa.Table:
    if isinstance(membership, Path) and membership.is_dir():
        persons = pq.read_table(membership / "party_person.parquet")
        homes = pq.read_table(membership / "membership.parquet", columns=["person_id", "household_id"])
        return persons.join(homes, keys="person_id").select(["party_id", "household_id"])
    return _read(membership, ("party_id", "household_id"), "membership")


def _read(source: pa.Table | Path, columns: tuple[str, ...], what: str) -> pa.Table:
    table = pq.read_table(source) if isinstance(source, Path) else source
    lacking = [column for column in columns if column not in table.column_names]
    if lacking:
        where = f"{source}: " if isinstance(source, Path) else ""
        raise UsageError(f"{where}the {what} lacks the column `{lacking[0]}`; it needs {', '.join(columns)}")
    return table.select(columns)


def _one_row_a_person(judged: pa.Table) -> pa.Table:
    counts = judged.group_by(["id", "true", "found"]).aggregate([([], "count_all")])
    order = [("id", "ascending"), ("count_all", "descending"), ("found", "ascending")]
    counts = counts.sort_by(order)
    ids = _numbers(counts["id"])
    _, first = np.unique(ids, return_index=True)
    return counts.take(pa.array(first))


def _line_user_accuracy(
    membership: pa.Table | Path,
    known: pa.Table,
    line_user: pa.Table | Path | None,
    line_truth: pa.Table | Path | None,
) -> float | None:
    if line_truth is None or not (isinstance(membership, Path) and membership.is_dir()):
        return None
    users = line_user if line_user is not None else membership / "line_user.parquet"
    lines = _read(line_truth, ("line_id", "person_id"), "truth about lines")
    guesses = _read(users, ("line_id", "person_id"), "line users").rename_columns(["line_id", "found_id"])
    persons = pq.read_table(membership / "party_person.parquet").rename_columns(["party_id", "found_id"])
    alias = known.select(["party_id", "person_id"]).join(persons, keys="party_id", join_type="inner")
    right = set(zip(alias["person_id"].to_pylist(), alias["found_id"].to_pylist(), strict=True))
    judged = lines.join(guesses, keys="line_id")
    hits = [
        pair in right
        for pair in zip(judged["person_id"].to_pylist(), judged["found_id"].to_pylist(), strict=True)
    ]
    return sum(hits) / len(hits) if hits else None


def _numbers(column: pa.ChunkedArray) -> Labels:
    codes = pc.rank(column, tiebreaker="dense") if len(column) else pa.array([], type=pa.int64())
    return np.asarray(codes, dtype=np.int64)


def _crossed(predicted: Labels, true: Labels) -> Labels:
    _, crossed = np.unique(np.stack([predicted, true]), axis=1, return_inverse=True)
    return crossed.reshape(-1).astype(np.int64)


def _sizes(labels: Labels) -> Labels:
    return np.bincount(labels)


def _pairs(sizes: Labels) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
