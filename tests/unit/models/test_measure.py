"""Figures about probabilities: right on cases that can be reckoned by hand, and as often right as they claim."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from hogar.models import measure
from hogar.models.measure import auc_interval


def test_auc_counts_pairs_and_halves_ties() -> None:
    """Of six pairs four are right and one is a tie: 4.5 / 6."""
    label = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    said = np.array([0.9, 0.4, 0.4, 0.5, 0.1])
    assert auc_interval(label, said)[0] == pytest.approx(4.5 / 6)


def test_auc_agrees_with_scikit_learn() -> None:
    """On random scores with ties."""
    rng = np.random.default_rng(1)
    label = (rng.random(500) < 0.2).astype(float)
    said = np.round(rng.random(500) + 0.3 * label, 1)
    assert auc_interval(label, said)[0] == pytest.approx(roc_auc_score(label, said))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Of 300 samples whose true AUC is known about 95 % of the intervals hold it."""
    rng = np.random.default_rng(2)
    truth = 0.760250  # two normals one standard deviation apart
    hits = 0
    for _ in range(300):
        label = np.concatenate([np.ones(60), np.zeros(240)])
        low, high = auc_interval(label, rng.normal(size=300) + label)[1:]
        hits += low <= truth <= high
    assert 0.91 <= hits / 300 <= 0.98


def test_calibration_error_sees_what_ranking_does_not() -> None:
    """Probabilities twice too high rank as well and are worse by Brier and calibration."""
    rng = np.random.default_rng(3)
    chance = rng.uniform(0.02, 0.4, 4000)
    label = (rng.random(4000) < chance).astype(float)
    right, high = measure(label, chance), measure(label, chance * 2)
    assert right.auc == high.auc
    assert right.ece < 0.03 < 0.15 < high.ece
    assert right.brier < high.brier
    assert right.lift_10 > 1.5
