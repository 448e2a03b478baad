"""Validation on held-out folds, and absence where there is too little to learn from."""

from __future__ import annotations

import numpy as np
import polars as pl

from hogar.errors import Place
from hogar.models import ModelSpec, learn, score_features
from hogar.models.checks import sample
from hogar.models.folds import folds_of


def _spec(**changes: object) -> ModelSpec:
    usual = {
        "name": "churn", "entity": "line", "features": (), "target": "", "target_file": "", "learner": "logistic",
        "place": Place(file="models/churn.yml"),
    }  # fmt: skip
    return ModelSpec(**{**usual, **changes})  # type: ignore[arg-type]


def test_a_model_is_judged_by_rows_it_never_saw() -> None:
    """A column that names each row ranks perfectly in training and says nothing on held-out folds."""
    rng = np.random.default_rng(4)
    label = (rng.random(400) < 0.3).astype(float)
    rows = pl.DataFrame({"noise": rng.normal(size=400), "id": [f"line {n}" for n in range(400)]})
    report = learn(_spec(), rows, label, [f"H-{n}" for n in range(400)], "2026-01-01").report
    assert report.auc is not None
    assert report.auc_low is not None
    assert report.auc_low < 0.5 < report.auc_high  # type: ignore[operator]


def test_what_can_be_foretold_is_reported_with_its_interval() -> None:
    """Rows, positives, AUC between its bounds, the weights of a model that has them."""
    rows, label = sample()
    learned = learn(_spec(folds=4), rows, label, [f"H-{n}" for n in range(len(rows))], "2026-01-01")
    report = learned.report
    assert learned.fitted is not None
    assert (report.rows, report.positives, report.folds) == (600, int(label.sum()), 4)
    assert 0.7 < report.auc_low < report.auc < report.auc_high < 0.95  # type: ignore[operator]
    assert report.ece is not None
    assert report.ece < 0.08
    assert "spend" in report.weights


def test_too_few_positives_are_absence_not_a_half() -> None:
    """Nineteen positives: no model, no figure, and the reason in words."""
    rows, _ = sample()
    label = np.zeros(len(rows))
    label[:19] = 1
    learned = learn(_spec(), rows, label, ["H"] * len(rows), "2026-01-01")
    assert learned.fitted is None
    assert learned.report.auc is None
    assert "19 positives in 600 rows; at least 20 are needed" in learned.report.absent


def test_one_household_for_all_cannot_be_held_back() -> None:
    """Where holding back leaves nothing to learn from, there is no model either."""
    rows, label = sample()
    learned = learn(_spec(), rows, label, ["H-1"] * len(rows), "2026-01-01")
    assert learned.fitted is None
    assert "leaves only one kind of label" in learned.report.absent


def test_folds_are_stable_even_and_keep_groups_together() -> None:
    """The fold hangs on the group's name alone: not on order, company or the process."""
    groups = [f"H-{n}" for n in range(2000)]
    fold = folds_of(groups, 5, "churn")
    assert np.bincount(fold).min() > 330
    assert folds_of(list(reversed(groups)), 5, "churn")[::-1].tolist() == fold.tolist()
    assert fold[:4].tolist() == [3, 3, 1, 4]
    assert folds_of(groups, 5, "other").tolist() != fold.tolist()


def test_a_score_is_a_feature_of_its_own_namespace() -> None:
    """`score.churn` of each line, a probability, with the model's label."""
    (feature,) = score_features([_spec(whose="person", owner="CVM")])
    assert (feature.full_name, feature.entity, feature.unit, feature.whose) == (
        "score.churn",
        "line",
        "probability",
        "person",
    )
