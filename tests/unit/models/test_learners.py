"""Every learner keeps the contract that others' learners will be asked to keep."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from hogar.models import LEARNERS, Learner, load_logistic
from hogar.models.checks import CHECKS, sample


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", LEARNERS)
def test_every_learner_passes_every_check(name: str, check: Callable[[Learner], None]) -> None:
    """Inputs unchanged, seeds repeat, columns come and go, rows stand alone, save and load agree."""
    check(LEARNERS[name])


def test_a_logistic_model_says_what_counts() -> None:
    """Its weights are named by feature, level and unknown, the heaviest first; constants are left out."""
    rows, label = sample()
    weights = LEARNERS["logistic"](rows, label, 0).weights()
    assert next(iter(weights)) == "spend"
    assert weights["age is unknown"] > 0.3
    assert "same" not in weights


def test_a_logistic_model_is_kept_as_json() -> None:
    """What is kept can be read by people and holds no code."""
    rows, label = sample()
    saved = LEARNERS["logistic"](rows, label, 0).save()
    assert saved is not None
    assert saved.startswith(b"{")
    assert load_logistic(saved).weights()


def test_dates_are_numbers_of_days() -> None:
    """A date column can be learnt from."""
    rows, label = sample()
    dated = rows.select(
        (pl.lit("2026-01-01").str.to_date() + pl.duration(days=pl.col("spend"))).dt.date().alias("since")
    )
    fitted = LEARNERS["logistic"](dated, label, 0)
    assert fitted.weights()["since"] > 0.5
