"""How good are these probabilities? Ranking with its interval, distance from what happened, calibration, lift.

Takes labels and the probabilities of rows that the model had not seen; returns figures. The interval of the AUC
is DeLong's: for any two models it says how much of their difference the sample explains.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from hogar.models.encode import Matrix

BINS = 10
Folds = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Measures:
    """AUC with its 95 % interval, Brier score, expected calibration error over ten equal bins, top-decile lift."""

    auc: float
    auc_low: float
    auc_high: float
    brier: float
    ece: float
    lift_10: float


def measure(label: Matrix, probability: Matrix, fold: Folds | None = None) -> Measures:
    """Measure probabilities against labels of 0 and 1; both must occur.

    With `fold`, the AUC compares rows of the same fold only: models that were fitted on different rows differ in
    their mean, and across folds that alone would rank, in the wrong direction.
    """
    auc, low, high = auc_interval(label, probability, fold)
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


def auc_interval(
    label: Matrix, probability: Matrix, fold: Folds | None = None, confidence: float = 0.95
) -> tuple[float, float, float]:
    """AUC and its interval by DeLong, DeLong and Clarke-Pearson (1988), with midranks for ties.

    With `fold`: the mean over folds, each weighing as many pairs as it has; folds of one kind of label have none.

    >>> auc_interval(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.2, 0.3, 0.4]))
    (1.0, 1.0, 1.0)
    """
    parts = (
        [np.arange(len(label))] if fold is None else [np.flatnonzero(fold == one) for one in np.unique(fold)]
    )
    parts = [part for part in parts if 0 < label[part].sum() < len(part)]
    assert parts, "there are no two rows to compare"
    aucs, variances, pairs = np.array([_delong(label[part], probability[part]) for part in parts]).T
    shares = pairs / pairs.sum()
    auc = float(shares @ aucs)
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * float(np.sqrt(shares**2 @ variances))
    return auc, max(0.0, auc - reach), min(1.0, auc + reach)


def _delong(label: Matrix, probability: Matrix) -> tuple[float, float, float]:
    """AUC, its variance, and the number of pairs."""
    from scipy.stats import rankdata  # here, so that commands which learn nothing do not wait for it

    positive, negative = probability[label == 1], probability[label == 0]
    m, n = len(positive), len(negative)
    ranks = rankdata(np.concatenate([positive, negative]))
    of_positive = (ranks[:m] - rankdata(positive)) / n  # share of negatives below each positive
    of_negative = 1 - (ranks[m:] - rankdata(negative)) / m
    variance = sum(
        float(part.var(ddof=1)) / len(part) for part in (of_positive, of_negative) if len(part) > 1
    )
    return float(of_positive.mean()), variance, float(m * n)
