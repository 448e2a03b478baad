"""Who learns? Logistic regression, which explains itself, and boosted trees, which find steps and crossings.

A learner is a function: training rows and labels in, a fitted model out. Every one passes `models.checks`. All
chance hangs on the seed that is given. scikit-learn is imported where it learns: no other command waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec
import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from hogar.models.encode import Encoding, Matrix

THREADS = 1  # of boosted trees: the same sums on every machine, and no threads that wait for each other
PENALTY_C = 0.5  # of the logistic regression; larger trusts few rows more


class Fitted(Protocol):
    """A fitted model. `save` gives JSON, or None where its kind cannot be saved without pickling."""

    def predict(self, frame: pl.DataFrame) -> Matrix:
        """The probability for each row of the frame; columns that are missing are unknown, new ones ignored."""
        ...

    def weights(self) -> dict[str, float]:
        """What counts how much: by matrix column, largest first; empty where the model cannot say."""
        ...

    def save(self) -> bytes | None:
        """The model as JSON."""
        ...


Learner = Callable[[pl.DataFrame, Matrix, int], Fitted]


class Logistic(msgspec.Struct, frozen=True):
    """A fitted logistic regression: intercept and a coefficient for each column of the encoding's matrix."""

    encoding: Encoding
    intercept: float
    coefficients: tuple[float, ...]

    def predict(self, frame: pl.DataFrame) -> Matrix:
        """See `Fitted`."""
        matrix = self.encoding.matrix(frame, "mean")
        # a sum in fixed order, not a matrix product: the same bits for one row as for a million
        logit = np.full(len(frame), self.intercept)
        for number, coefficient in enumerate(self.coefficients):
            logit += coefficient * matrix[:, number]
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    def weights(self) -> dict[str, float]:
        """See `Fitted`. Log-odds a standard deviation, or for being the level or unknown."""
        named = zip(self.encoding.names(), self.coefficients, strict=True)
        return dict(sorted(named, key=lambda pair: (-abs(pair[1]), pair[0])))

    def save(self) -> bytes | None:
        """See `Fitted`; `load_logistic` reads it."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


class Boosted:
    """Fitted boosted trees over the encoding's matrix. Thin: they are not saved, their scores are."""

    def __init__(self, encoding: Encoding, trees: Any) -> None:
        self.encoding = encoding
        self._trees = trees

    def predict(self, frame: pl.DataFrame) -> Matrix:
        """See `Fitted`."""
        matrix = self.encoding.matrix(frame, "nan")
        if not len(matrix):
            return np.zeros(0)
        with threadpool_limits(THREADS):
            return np.asarray(self._trees.predict_proba(matrix)[:, 1])

    def weights(self) -> dict[str, float]:
        """See `Fitted`."""
        return {}

    def save(self) -> bytes | None:
        """See `Fitted`."""
        return None


def logistic(frame: pl.DataFrame, label: Matrix, seed: int) -> Fitted:
    """Logistic regression with a mild ridge penalty; `label` holds 0 and 1, both at least once."""
    from sklearn.linear_model import LogisticRegression

    encoding = Encoding.of(frame)
    matrix = encoding.matrix(frame, "mean")
    if not matrix.shape[1]:
        return Logistic(encoding, float(np.log(label.mean() / (1 - label.mean()))), ())
    model = LogisticRegression(C=PENALTY_C, max_iter=2000, tol=1e-8, random_state=seed)
    model.fit(matrix, label)
    return Logistic(encoding, float(model.intercept_[0]), tuple(float(weight) for weight in model.coef_[0]))


def gradient_boosting(frame: pl.DataFrame, label: Matrix, seed: int) -> Fitted:
    """Boosted trees, small and slow on purpose: churn has few positives and much noise."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    encoding = Encoding.of(frame)
    matrix = encoding.matrix(frame, "nan")
    if not matrix.shape[1]:
        return logistic(frame, label, seed)
    trees = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=120, max_leaf_nodes=8, min_samples_leaf=30, l2_regularization=2.0,
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    with threadpool_limits(THREADS):
        trees.fit(matrix, label)
    return Boosted(encoding, trees)


def load_logistic(saved: bytes) -> Fitted:
    """A logistic regression from what `save` gave."""
    return msgspec.json.decode(saved, type=Logistic)


LEARNERS: Mapping[str, Learner] = {"gradient_boosting": gradient_boosting, "logistic": logistic}
