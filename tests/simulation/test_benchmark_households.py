"""Does the benchmark of households measure what it says? A tiny market through all of it, and its judge on paper."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from benchmarks.households_figures import ablation_figures, figures, peer_figures, table
from benchmarks.households_judge import Homes, Truth, best_f1, calibration_error, f1_of, pairs_within
from benchmarks.households_market import Asked
from benchmarks.households_row import Row, row_of

from hogar.households.constants import FAMILIES

CONTRACT = (
    "pair_f1_share_of_ceiling_min", "pair_f1_gain_over_hard_min", "precision_min", "pair_f1_full_consent_min",
    "b_cubed_f1_full_consent_min", "exact_full_consent_min", "biggest_full_consent_max", "line_user_accuracy_min",
    "role_macro_f1_min", "role_gain_over_holder_min", "role_gain_over_holder_shared_homes_min", "offnet_precision",
    "offnet_recall", "ece_max",
)  # fmt: skip
PEERS = (
    "exact_address_f1_mean", "hard_pair_f1_consent_100_mean", "splink_pair_f1_consent_100_mean",
    "splink_b_cubed_f1_consent_100_mean", "ceiling_pair_f1_consent_100_mean", "holder_line_accuracy_mean",
    "role_macro_f1_holder_mean", "most_called_precision_mean",
)  # fmt: skip


@cache
def rows() -> tuple[Row, ...]:
    """A market that everybody lets look, judged with all peers; another with location data."""
    asked = Asked(regime="spain", seed=2, persons=400, consent=1.0)
    return row_of(asked), row_of(replace(asked, located=True))


def test_every_promised_figure_is_computed() -> None:
    """Figures are there by the names that are read, as shares, and the two judges agree."""
    found, peers = figures(rows()), peer_figures(rows())
    assert [name for name in CONTRACT if name not in found] == []
    assert [name for name in PEERS if peers[name] is None] == []
    assert rows()[0]["agrees"] is True
    for name in ("pair_f1_full_consent_min", "precision_min", "b_cubed_f1_full_consent_min", "ece_max"):
        value = found[name]
        assert value is not None
        assert 0 < value < 1
    assert "pair_f1" in table(rows())


def test_the_ceiling_and_the_peers_are_no_straw_men() -> None:
    """A supervised model beats the address, and Splink finds more than half of what there is."""
    row = rows()[0]
    assert _number(row, "ceiling_f1") > _number(row, "exact_address_f1")
    assert _number(row, "splink_pair_f1") > 0.5
    assert _number(row, "hard_pair_f1") > 0.3


def test_the_worst_of_all_markets_counts() -> None:
    """A minimum is over markets, also at one share of consent; a share that no market has is left out."""
    good = dict(rows()[0])
    bad = good | {"pair_f1": 0.1, "ece": 0.7}
    both = [good, bad]
    assert figures(both)["pair_f1_min"] == 0.1
    assert figures(both)["pair_f1_consent_100_min"] == 0.1
    assert figures(both)["ece_max"] == 0.7
    assert "pair_f1_consent_60_min" not in figures(both)


def test_ablation_is_by_family_and_consent() -> None:
    """Each family has its worth at each share."""
    row: Row = {"consent": 0.3, "pair_f1": 0.8, **{f"worth_{family}": 0.01 for family in FAMILIES}}
    found = ablation_figures([row])
    assert {f"worth_{family}_consent_30_mean" for family in FAMILIES} < set(found)


def test_a_person_lives_where_most_of_its_parties_were_put() -> None:
    """Two parties outvote one; an unknown party lives alone and does not hide the person's pairs."""
    membership = pa.table(
        {
            "party_id": ["p1", "p2", "p3", "q1", "r1"],
            "person_id": ["P", "P", "P", "Q", "R"],
            "household_id": ["H", "H", "H", "H", "H"],
        }
    )
    truth = Truth.of(membership)
    found = truth.found_homes(pd.Series({"p1": "x", "p2": "x", "p3": "y", "q1": "x"}))
    assert found[0] == found[1] != found[2]
    assert len(truth.pairs) == 3
    assert f1_of(pairs_within(found, 3), truth.pairs) == pytest.approx(0.5)
    homes = Homes.of(found, truth.home)
    assert homes.precision == 1
    assert homes.recall == pytest.approx(1 / 3)


def test_equal_scores_stand_or_fall_together() -> None:
    """A threshold cannot cut between equals, and a pair counts once."""
    codes, scores = np.array([1, 1, 2, 3, -1]), np.array([0.9, 0.2, 0.9, 0.5, 1.0])
    f1, threshold = best_f1(codes, scores, np.array([1]))
    assert f1 == pytest.approx(2 / 3)
    assert threshold == 0.9


def test_calibration_is_weighed_by_bin() -> None:
    """Half of the pairs are off by 0.1, the others right."""
    probability = np.array([0.9] * 10 + [0.0] * 10)
    right = np.array([True] * 8 + [False] * 2 + [False] * 10)
    assert calibration_error(probability, right) == pytest.approx(0.05)


def _number(row: Row, name: str) -> float:
    value = row[name]
    assert isinstance(value, float)
    return value
