"""Does the mixture find its classes without labels, and do its terms add up?"""

from __future__ import annotations

import numpy as np

from hogar.households.constants import FACES, KINDS
from hogar.households.mixture import (
    HOUSEHOLD,
    NOT_HOUSEHOLD,
    OTHER,
    SIDE,
    UNSURE,
    fit,
    log_odds_terms,
    probability,
)


def _draw(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Evidence of drawn faces, a third unobserved, not as the start expects it; true classes; a tenth is sure."""
    rng = np.random.default_rng(seed)
    shares = np.array([face.share for face in FACES]) ** 0.7
    truth = rng.choice(len(FACES), count, p=shares / shares.sum())
    columns = []
    for kind in KINDS:
        table = np.array(kind.start) ** 0.8
        table /= table.sum(axis=1, keepdims=True)
        drawn = (rng.random(count)[:, None] > np.cumsum(table[truth], axis=1)).sum(axis=1)
        columns.append(np.where(rng.random(count) < 0.33, -1, np.minimum(drawn, table.shape[1] - 1)))
    levels = np.stack(columns, axis=1).astype(np.int8)
    sides = SIDE[truth].astype(np.int8)
    return levels, sides, np.where(rng.random(count) < 0.1, sides, UNSURE).astype(np.int8)


def test_probabilities_are_near_the_truth_without_labels() -> None:
    """Of the pairs called likely at nine in ten, about nine in ten live together; shares are found."""
    levels, truth, sure = _draw(30_000, 1)
    model = fit(levels, sure)
    found = probability(log_odds_terms(model, levels).sum(axis=1))
    assert abs(found.mean() - (truth == HOUSEHOLD).mean()) < 0.04
    likely = found > 0.9
    assert (truth[likely] == HOUSEHOLD).mean() > 0.88


def test_judged_pairs_move_the_estimate() -> None:
    """What analysts say of pairs that show one pattern changes what that pattern is worth."""
    levels, _, sure = _draw(20_000, 4)
    pattern = np.array([kind.start[0].index(max(kind.start[0])) for kind in KINDS], dtype=np.int8)
    pattern[4:] = -1
    levels[:2_000] = pattern
    found = []
    for said in (HOUSEHOLD, NOT_HOUSEHOLD):
        sure[:2_000] = said
        found.append(probability(log_odds_terms(fit(levels, sure), pattern[None, :]).sum(axis=1))[0])
    assert found[0] > found[1] + 0.05
    assert OTHER in sure


def test_terms_add_up_to_the_log_odds() -> None:
    """Base rate and the kinds' terms sum to the log-odds of the mixture, and unobserved evidence adds nothing."""
    levels, _, sure = _draw(500, 2)
    model = fit(levels, sure)
    terms = log_odds_terms(model, levels)
    joint = np.array(
        [
            [
                model.shares[group]
                * np.prod([table[group, level] for table, level in zip(model.tables, row, strict=True)])
                for group in range(len(FACES))
            ]
            for row in levels
        ]
    )
    home, away = joint[:, SIDE == HOUSEHOLD].sum(axis=1), joint[:, SIDE != HOUSEHOLD].sum(axis=1)
    np.testing.assert_allclose(terms.sum(axis=1), np.log(home / away), rtol=1e-9)
    assert np.abs(terms[:, 1:][levels == -1]).max() < 1e-12


def test_the_order_and_number_of_pairs_do_not_matter() -> None:
    """Pairs in another order give the same model; ten times the same market gives nearly the same probabilities."""
    levels, _, sure = _draw(5_000, 3)
    model, turned = fit(levels, sure), fit(levels[::-1], sure[::-1])
    np.testing.assert_array_equal(model.shares, turned.shares)
    bigger = fit(np.repeat(levels, 10, axis=0), np.repeat(sure, 10))
    one, ten = (probability(log_odds_terms(each, levels).sum(axis=1)) for each in (model, bigger))
    assert abs((one >= 0.5).mean() - (ten >= 0.5).mean()) < 0.01


def test_without_pairs_the_expectations_stand() -> None:
    """An empty market gives a model all the same."""
    model = fit(np.zeros((0, len(KINDS)), dtype=np.int8), np.zeros(0, dtype=np.int8))
    assert abs(model.shares.sum() - 1.0) < 1e-12
