"""How good are these probabilities? Ranking with its interval, distance from what happened, calibration, lift.

Takes labels and the probabilities of rows that the model had not seen; returns figures. The interval of the AUC
is DeLong's: for any two models it says how much of their difference the sample explains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, rankdata

from hogar.models.encode import Matrix

BINS = 10


@dataclass(frozen=True, kw_only=True)
class Measures:
    """AUC with its 95 % interval, Brier score, expected calibration error over ten equal bins, top-decile lift."""

    auc: float
    auc_low: float
    auc_high: float
    brier: float
    ece: float
    lift_10: float


def measure(label: Matrix, probability: Matrix) -> Measures:
    """Measure probabilities against labels of 0 and 1; both must occur."""
    auc, low, high = auc_interval(label, probability)
    order = np.argsort(-probability, kind="stable")
    top = order[: max(1, len(order) // 10)]
    bins = np.array_split(np.argsort(probability, kind="stable"), min(BINS, len(probability)))
    gaps = [len(part) * abs(float(label[part].mean() - probability[part].mean())) for part in bins]
    return Measures(
        auc=auc, auc_low=low, auc_high=high,
        brier=float(np.mean((probability - label) ** 2)),
        ece=float(sum(gaps) / len(label)),
        lift_10=float(label[top].mean() / label.mean()),
    )  # fmt: skip


def auc_interval(label: Matrix, probability: Matrix, confidence: float = 0.95) -> tuple[float, float, float]:
    """AUC and its interval by DeLong, DeLong and Clarke-Pearson (1988), with midranks for ties.

    >>> auc_interval(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.2, 0.3, 0.4]))
    (1.0, 1.0, 1.0)
    """
    positive, negative = probability[label == 1], probability[label == 0]
    m, n = len(positive), len(negative)
    assert m, "there is no positive"
    assert n, "there is no negative"
    ranks = rankdata(np.concatenate([positive, negative]))
    of_positive = (ranks[:m] - rankdata(positive)) / n  # share of negatives below each positive
    of_negative = 1 - (ranks[m:] - rankdata(negative)) / m
    auc = float(of_positive.mean())
    variance = sum(
        float(part.var(ddof=1)) / len(part) for part in (of_positive, of_negative) if len(part) > 1
    )
    reach = float(norm.ppf(0.5 + confidence / 2)) * float(np.sqrt(variance))
    return auc, max(0.0, auc - reach), min(1.0, auc + reach)
