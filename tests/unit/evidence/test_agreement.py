"""Do the figures of agreement mean what they say? Held equal to er-evaluation, an independent judge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hogar.errors import UsageError
from hogar.evidence.agreement import agreement


def _tables(count: int, seed: int) -> tuple[pa.Table, pa.Table]:
    rng = np.random.default_rng(seed)
    person = np.arange(count) // 2 * (rng.random(count) < 0.3) + 1000 * np.arange(count)
    true = rng.integers(0, count // 3, count)
    found = np.where(rng.random(count) < 0.8, true, rng.integers(0, count // 3, count))
    ids = [f"crm:{number}" for number in range(count)]
    truth = pa.table(
        {
            "party_id": ids,
            "person_id": [f"p{number}" for number in person],
            "household_id": [f"h{number}" for number in true],
        }
    )
    membership = pa.table({"party_id": ids, "household_id": [f"H-{number}" for number in found]})
    return membership, truth


@pytest.mark.filterwarnings("ignore")  # the judge's own, about the pandas that it uses
@pytest.mark.parametrize("seed", [1, 2])
def test_equal_to_er_evaluation(seed: int) -> None:
    """Pair and B-cubed figures by party are those of er-evaluation, to 1e-12."""
    import er_evaluation as judge
    import pandas as pd

    membership, truth = _tables(600, seed)
    found = pd.Series(membership["household_id"].to_pylist(), index=membership["party_id"].to_pylist())
    true = pd.Series(truth["household_id"].to_pylist(), index=truth["party_id"].to_pylist())
    result = agreement(membership, truth, by="party")
    assert result.pair_precision == pytest.approx(judge.pairwise_precision(found, true), abs=1e-12)
    assert result.pair_recall == pytest.approx(judge.pairwise_recall(found, true), abs=1e-12)
    assert result.pair_f1 == pytest.approx(judge.pairwise_f(found, true), abs=1e-12)
    assert result.b_cubed_precision == pytest.approx(judge.b_cubed_precision(found, true), abs=1e-12)
    assert result.b_cubed_recall == pytest.approx(judge.b_cubed_recall(found, true), abs=1e-12)
    assert result.b_cubed_f1 == pytest.approx(judge.b_cubed_f(found, true), abs=1e-12)
    assert result.exact_share == pytest.approx(judge.cluster_recall(found, true), abs=1e-12)


def test_a_person_counts_once() -> None:
    """By person, three parties of one human being are one, and it lives where most of them were put."""
    truth = pa.table(
        {
            "party_id": ["a1", "a2", "a3", "b"],
            "person_id": ["a", "a", "a", "b"],
            "household_id": ["h", "h", "h", "h"],
        }
    )
    membership = pa.table({"party_id": ["a1", "a2", "a3", "b"], "household_id": ["x", "y", "y", "y"]})
    result = agreement(membership, truth)
    assert (result.judged, result.pair_precision, result.pair_recall, result.exact_share) == (
        2,
        1.0,
        1.0,
        1.0,
    )
    assert agreement(membership, truth, by="party").pair_recall == 0.5


def test_nothing_to_judge_is_none() -> None:
    """Where nobody was put together there is no precision; nobody gets a made-up zero or one."""
    truth = pa.table({"party_id": ["a", "b"], "person_id": ["a", "b"], "household_id": ["h", "h"]})
    alone = pa.table({"party_id": ["a", "b"], "household_id": ["x", "y"]})
    result = agreement(alone, truth)
    assert (result.pair_precision, result.pair_recall, result.pair_f1) == (None, 0.0, None)
    assert result.line_user_accuracy is None


def test_a_party_that_was_not_resolved_counts_as_alone() -> None:
    """What the resolution does not know is a miss, and is counted."""
    truth = pa.table({"party_id": ["a", "b"], "person_id": ["a", "b"], "household_id": ["h", "h"]})
    result = agreement(pa.table({"party_id": ["a"], "household_id": ["x"]}), truth)
    assert (result.missing, result.pair_recall) == (1, 0.0)


def test_a_missing_column_is_named() -> None:
    """A truth without the column that is needed is refused with the column's name."""
    with pytest.raises(UsageError, match="household_id"):
        agreement(
            pa.table({"party_id": ["a"], "household_id": ["x"]}),
            pa.table({"party_id": ["a"], "person_id": ["a"]}),
        )


def test_line_users_are_judged_by_their_parties(tmp_path: Path) -> None:
    """A line's user is right when the person that was found has a party of the true one; no guess is a miss."""
    pq.write_table(
        pa.table({"party_id": ["a", "b"], "person_id": ["P-a", "P-b"]}), tmp_path / "party_person.parquet"
    )
    pq.write_table(
        pa.table({"person_id": ["P-a", "P-b"], "household_id": ["H-a", "H-a"]}),
        tmp_path / "membership.parquet",
    )
    pq.write_table(
        pa.table({"line_id": ["1", "2"], "person_id": ["P-a", "P-a"]}), tmp_path / "line_user.parquet"
    )
    truth = pa.table({"party_id": ["a", "b"], "person_id": ["x", "y"], "household_id": ["h", "h"]})
    lines = pa.table({"line_id": ["1", "2", "3"], "person_id": ["x", "y", "y"]})
    assert agreement(tmp_path, truth, line_truth=lines).line_user_accuracy == pytest.approx(1 / 3)
