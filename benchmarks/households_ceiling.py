"""How good could it be? A fully supervised model on the same pairs and the same evidence, cross-validated by home.

Gradient boosting sees the truth about four fifths of the homes and judges the pairs of the fifth that it never saw.
It gets what our estimate gets: the levels of evidence, what was declared and what the law decides; no names, no ids.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from benchmarks.households_judge import Codes, Floats, Truth, best_f1, f1_of, pairs_within
from benchmarks.households_pairs import Found, Pairs
from sklearn.ensemble import HistGradientBoostingClassifier

from hogar.households.clusters import Links, cluster
from hogar.households.constants import LINK_PROBABILITY_MIN

FOLDS = 5
SHIFTS = (0.35, 0.5, 0.65, 0.75, 0.85)  # thresholds of a link before clustering; the best one counts


@dataclass(frozen=True)
class Ceiling:
    """F1 of pairs: at the best threshold, at 0.5, without the sure pairs in the better way, and after clustering."""

    probability: Floats
    best: float
    at_half: float
    without_sure: float
    clustered: float

    @property
    def highest(self) -> float:
        """The best that the supervised model reaches in any way."""
        return max(self.best, self.clustered)


def ceiling(pairs: Pairs, found: Found, truth: Truth) -> Ceiling:
    """Train, judge each pair out of its fold, and look for the best way to use it."""
    probability = supervised(pairs)
    true, free = truth.pairs, ~pairs.sure
    sure = pairs.linked(pairs.sure)
    left = np.setdiff1d(true, sure)
    clustered = [_clustered(pairs, found, truth, probability, shift) for shift in SHIFTS]
    return Ceiling(
        probability,
        best_f1(pairs.code, probability, true)[0],
        f1_of(pairs.linked(probability >= 0.5), true),
        max(
            best_f1(pairs.code[free], probability[free], left)[0],
            *(f1_of(np.setdiff1d(codes, sure), left) for codes in clustered),
        ),
        max(f1_of(codes, true) for codes in clustered),
    )


def supervised(pairs: Pairs) -> Floats:
    """The probability of each pair, from a model that saw neither of its homes' own pairs."""
    fold = _fold(pairs.home_a), _fold(pairs.home_b)
    probability = np.zeros(len(pairs.a))
    for one in range(FOLDS):
        train, test = (fold[0] != one) & (fold[1] != one), fold[0] == one
        model = HistGradientBoostingClassifier(
            max_iter=150, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=10, l2_regularization=1.0,
            early_stopping=False, random_state=0,
        )  # fmt: skip
        seen = np.nan_to_num(pairs.evidence, nan=-1.0)
        seen = seen[:, np.ptp(seen[train], axis=0) > 0]
        model.fit(seen[train], pairs.together[train])
        probability[test] = model.predict_proba(seen[test])[:, 1]
    return probability


def _fold(home: Codes) -> Codes:
    """Which fold a home is of: a number drawn from its own, the same for ever."""
    return np.asarray((home * 2654435761 % 2**32) >> 16) % FOLDS


def _clustered(pairs: Pairs, found: Found, truth: Truth, probability: Floats, threshold: float) -> Codes:
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    shift = np.log(LINK_PROBABILITY_MIN / (1 - LINK_PROBABILITY_MIN)) - np.log(threshold / (1 - threshold))
    log_odds = np.log(clipped / (1 - clipped)) + shift
    links = Links(a=pairs.a, b=pairs.b, log_odds=log_odds, declared=pairs.declared.astype(np.int8))
    homes = found.homes(cluster(len(found.ids), links), truth)
    return pairs_within(homes, len(truth.ids))
