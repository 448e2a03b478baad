"""Does it foretell, and what does it say of everybody? Validation on held-out folds, then a fit on all rows.

Reads a frame of features with labels and groups; returns a report and the fitted model, or why there is none.
What is reported was never trained on; what is published was fitted on all rows. After: `build.training`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from hogar.models.encode import Matrix
from hogar.models.folds import folds_of
from hogar.models.learners import LEARNERS, Fitted
from hogar.models.measure import measure
from hogar.models.spec import ModelSpec

POSITIVES_MIN = 20  # fewer of either kind teach nothing that would hold
SEED = 0


@dataclass(frozen=True, kw_only=True)
class ModelReport:
    """How a model was judged. Where there is none, `absent` says why and every figure is None."""

    entity: str
    learner: str
    rows: int
    positives: int
    folds: int
    horizon_days: int | None
    trained_as_of: str
    absent: str = ""
    auc: float | None = None
    auc_low: float | None = None
    auc_high: float | None = None
    brier: float | None = None
    ece: float | None = None
    lift_10: float | None = None
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A report, and the model fitted on all rows; None where it is absent."""

    report: ModelReport
    fitted: Fitted | None


def learn(spec: ModelSpec, rows: pl.DataFrame, label: Matrix, groups: Sequence[str], as_of: str) -> Learned:
    """Validate and fit one model. `rows` has a column for each feature, `label` 0 or 1, `groups` a household each.

    Absence is an answer: with too few positives or negatives there is a report without figures, and no model.
    """
    positives = int(label.sum())
    head = ModelReport(
        entity=spec.entity, learner=spec.learner, rows=len(rows), positives=positives, folds=spec.folds,
        horizon_days=spec.horizon_days, trained_as_of=as_of,
    )  # fmt: skip
    if (why := _too_little(rows, label, positives)) != "":
        return Learned(report=_with(head, absent=why), fitted=None)
    learner = LEARNERS[spec.learner]
    fold = folds_of(groups, spec.folds, spec.name)
    held_out = np.full(len(rows), np.nan)
    for number in range(spec.folds):
        outside, inside = fold != number, fold == number
        if not inside.any():
            continue
        if not 0 < label[outside].sum() < outside.sum():
            why = f"fold {number} leaves only one kind of label to learn from"
            return Learned(report=_with(head, absent=why), fitted=None)
        held_out[inside] = learner(rows.filter(outside), label[outside], SEED).predict(rows.filter(inside))
    figures = measure(label, held_out, fold)
    fitted = learner(rows, label, SEED)
    weights = {name: round(weight, 4) for name, weight in fitted.weights().items()}
    return Learned(report=_with(head, weights=weights, **vars(figures)), fitted=fitted)


def _too_little(rows: pl.DataFrame, label: Matrix, positives: int) -> str:
    if positives < POSITIVES_MIN:
        return f"{positives} positives in {len(rows)} rows; at least {POSITIVES_MIN} are needed"
    if len(label) - positives < POSITIVES_MIN:
        return f"{len(label) - positives} negatives in {len(rows)} rows; at least {POSITIVES_MIN} are needed"
    return ""


def _with(report: ModelReport, **changes: object) -> ModelReport:
    return ModelReport(**{**vars(report), **changes})
