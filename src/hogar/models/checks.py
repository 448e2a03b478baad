"""Does this learner keep the contract? Checks that every learner passes, ours and those that others bring.

Each check takes a learner and raises `AssertionError` in words; `CHECKS` lists them. They make their own data.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from hogar.models.encode import Matrix
from hogar.models.learners import Learner, load_logistic
from hogar.models.measure import auc_interval


def inputs_unchanged(learner: Learner) -> None:
    """Neither fitting nor predicting changes the rows or the labels."""
    rows, label = sample()
    before, label_before = rows.clone(), label.copy()
    learner(rows, label, 0).predict(rows)
    assert rows.equals(before), "the rows were changed"
    assert np.array_equal(label, label_before), "the labels were changed"


def seed_repeats(learner: Learner) -> None:
    """The same rows and seed give the same probabilities, to the bit."""
    rows, label = sample()
    one, two = (learner(rows, label, 7).predict(rows) for _ in range(2))
    assert np.array_equal(one, two), "the same seed gave other probabilities"


def probabilities(learner: Learner) -> None:
    """What is predicted are probabilities, one a row, that rank what can be foretold."""
    rows, label = sample()
    said = learner(rows, label, 0).predict(rows)
    assert said.shape == (len(rows),), "not one probability a row"
    assert bool(np.all((said > 0) & (said < 1))), "a probability is not between 0 and 1"
    assert auc_interval(label, said)[0] > 0.7, "what can be foretold was not found"
    assert abs(said.mean() - label.mean()) < 0.02, "the mean probability is not the mean label"


def columns_come_and_go(learner: Learner) -> None:
    """New columns are ignored; a column that vanished is unknown for everybody; order does not matter."""
    rows, label = sample()
    fitted = learner(rows, label, 0)
    usual = fitted.predict(rows)
    more = rows.with_columns(pl.lit(3.0).alias("new")).select(reversed([*rows.columns, "new"]))
    assert np.array_equal(fitted.predict(more), usual), "a new column changed what is said"
    fewer = fitted.predict(rows.drop("spend"))
    emptied = fitted.predict(rows.with_columns(pl.lit(None, dtype=pl.Float64).alias("spend")))
    assert np.array_equal(fewer, emptied), "a vanished column is not the same as an unknown one"


def unknown_values(learner: Learner) -> None:
    """Rows of which nothing is known, and texts never seen, get a probability; no rows give none."""
    rows, label = sample()
    fitted = learner(rows, label, 0)
    nothing = rows.head(2).select(pl.lit(None, dtype=kind).alias(name) for name, kind in rows.schema.items())
    strange = rows.head(2).with_columns(pl.lit("never seen").alias("plan"))
    for odd in (nothing, strange):
        assert bool(np.isfinite(fitted.predict(odd)).all()), "an unknown value gave no probability"
    assert len(fitted.predict(rows.head(0))) == 0, "no rows gave probabilities"


def rows_stand_alone(learner: Learner) -> None:
    """What is said of a row does not depend on which rows are asked for with it."""
    rows, label = sample()
    fitted = learner(rows, label, 0)
    together = fitted.predict(rows)
    alone = np.concatenate([fitted.predict(rows[number : number + 1]) for number in range(5)])
    assert np.array_equal(alone, together[:5]), "a row alone is not scored as it is among others"


def save_and_load_agree(learner: Learner) -> None:
    """A model that can be saved says the same after loading."""
    rows, label = sample()
    fitted = learner(rows, label, 0)
    saved = fitted.save()
    if saved is not None:
        again = load_logistic(saved)
        assert np.array_equal(again.predict(rows), fitted.predict(rows)), (
            "the loaded model says something else"
        )


def sample() -> tuple[pl.DataFrame, Matrix]:
    """600 rows whose label leans on `spend`, on `plan` and on whether `age` is known; a fixed draw."""
    rng = np.random.default_rng(20260302)
    count = 600
    spend = rng.normal(50, 20, count)
    plan = rng.choice(["S", "M", "L"], count)
    known = rng.random(count) < 0.7
    logit = -1.5 + 0.06 * (spend - 50) + 1.2 * (plan == "S") - 1.0 * known
    label = (rng.random(count) < 1 / (1 + np.exp(-logit))).astype(np.float64)
    age = [
        round(float(years), 1) if told else None
        for years, told in zip(rng.uniform(18, 90, count), known, strict=True)
    ]
    rows = pl.DataFrame(
        {
            "spend": spend,
            "plan": plan,
            "age": age,
            "prepaid": rng.random(count) < 0.3,
            "same": np.ones(count),
        },
        schema_overrides={"plan": pl.String, "age": pl.Float64},
    )
    return rows, label


CHECKS: tuple[Callable[[Learner], None], ...] = (
    inputs_unchanged,
    seed_repeats,
    probabilities,
    columns_come_and_go,
    unknown_values,
    rows_stand_alone,
    save_and_load_agree,
)
