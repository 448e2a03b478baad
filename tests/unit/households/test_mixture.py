"""Does the mixture find its classes without labels, and do its terms add up?"""

from __future__ import annotations

import numpy as np

from hogar.households.constants import KINDS
from hogar.households.mixture import HOUSEHOLD, fit, log_odds_terms, probability, sure_class


def _draw(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Evidence of drawn classes, a third unobserved, not as the start expects it; sure pairs are what they seem."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, count, p=(0.15, 0.25, 0.60))
    columns = []
    for kind in KINDS:
        table = np.array(kind.start) ** 0.8
        table /= table.sum(axis=1, keepdims=True)
        drawn = (rng.random(count)[:, None] > np.cumsum(table[truth], axis=1)).sum(axis=1)
        columns.append(np.where(rng.random(count) < 0.33, -1, np.minimum(drawn, table.shape[1] - 1)))
    levels = np.stack(columns, axis=1).astype(np.int8)
    sure = sure_class(levels)
    return levels, np.where(sure >= 0, sure, truth)


def test_probabilities_are_near_the_truth_without_labels() -> None:
    """Of the pairs called likely at nine in ten, about nine in ten live together; shares are found."""
    levels, truth = _draw(30_000, 1)
    model = fit(levels)
    found = probability(log_odds_terms(model, levels).sum(axis=1))
    assert abs(found.mean() - (truth == HOUSEHOLD).mean()) < 0.04
    sure = found > 0.9
    assert (truth[sure] == HOUSEHOLD).mean() > 0.88


def test_terms_add_up_to_the_log_odds() -> None:
    """Base rate and the kinds' terms sum to the log-odds of the mixture, and unobserved evidence adds nothing."""
    levels, _ = _draw(500, 2)
    model = fit(levels)
    terms = log_odds_terms(model, levels)
    joint = np.array(
        [
            [
                model.shares[group]
                * np.prod([table[group, level] for table, level in zip(model.tables, row, strict=True)])
                for group in range(3)
            ]
            for row in levels
        ]
    )
    np.testing.assert_allclose(terms.sum(axis=1), np.log(joint[:, 0] / joint[:, 1:].sum(axis=1)), rtol=1e-9)
    assert np.abs(terms[:, 1:][levels == -1]).max() < 1e-12


def test_the_order_and_number_of_pairs_do_not_matter() -> None:
    """Pairs in another order give the same model; ten times the same market gives nearly the same probabilities."""
    levels, _ = _draw(5_000, 3)
    model, turned = fit(levels), fit(levels[::-1])
    np.testing.assert_array_equal(model.shares, turned.shares)
    bigger = fit(np.repeat(levels, 10, axis=0))
    one, ten = (probability(log_odds_terms(each, levels).sum(axis=1)) for each in (model, bigger))
    assert abs((one >= 0.5).mean() - (ten >= 0.5).mean()) < 0.01


def test_without_pairs_the_expectations_stand() -> None:
    """An empty market gives a model all the same."""
    model = fit(np.zeros((0, len(KINDS)), dtype=np.int8))
    assert model.shares.sum() == 1.0
