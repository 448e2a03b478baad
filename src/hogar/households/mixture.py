"""How likely do two persons live together? A mixture of three classes over patterns of evidence, without labels.

The classes are: household; kin and friends outside; other. Within a class the kinds of evidence are taken as
independent; the class of kin and friends absorbs most of what would otherwise be counted twice. EM runs over the
distinct patterns, so its cost does not grow with the market; sure pairs keep the classes in place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hogar.households.constants import (
    CLASS_SHARES_START,
    ITERATIONS_MAX,
    KINDS,
    PRIOR_PAIRS,
    TOLERANCE,
    Floats,
)

Levels = npt.NDArray[np.int8]  # pairs x kinds; -1 where nothing was observed
HOUSEHOLD, KIN, OTHER = 0, 1, 2
OTHER_UNIT, SAME_UNIT = 1, 5  # levels of `address`


@dataclass(frozen=True, kw_only=True)
class Model:
    """What EM learnt: class shares, and a kind's table of class by level with a last column of ones (unobserved)."""

    shares: Floats
    tables: tuple[Floats, ...]
    iterations: int


def fit(levels: Levels) -> Model:
    """Learn from the evidence of all candidate pairs; with few pairs the expectations in `constants` prevail."""
    patterns, counts = np.unique(levels, axis=0, return_counts=True) if len(levels) else (levels, np.zeros(0))
    anchor = sure_class(patterns)
    start = Model(
        shares=np.array(CLASS_SHARES_START),
        tables=tuple(_open(np.array(kind.start)) for kind in KINDS),
        iterations=0,
    )
    model, before = start, -np.inf
    for iteration in range(1, ITERATIONS_MAX + 1):
        joint = _joint(model, patterns)
        total = joint.sum(axis=1, keepdims=True)
        weights = joint / total
        weights[anchor >= 0] = np.eye(3)[anchor[anchor >= 0]]
        weights *= counts[:, None]
        model = _maximise(weights, patterns, start, iteration)
        now = float(counts @ np.log(total[:, 0])) / max(float(counts.sum()), 1.0)
        if abs(now - before) < TOLERANCE:
            break
        before = now
    return model


def sure_class(levels: Levels) -> npt.NDArray[np.int64]:
    """The class of patterns that leave little doubt, -1 for the rest: one flat and one name or purse, or two flats."""
    of = {kind.name: levels[:, column] for column, kind in enumerate(KINDS)}
    purse = (of["bill"] == 1) | (of["top_up"] == 2) | (of["care"] == 1)
    household = (of["address"] == SAME_UNIT) & ((of["names"] >= 1) | purse)
    strangers = (
        (of["address"] == OTHER_UNIT) & (of["names"] <= 0) & ~purse & (of["top_up"] <= 0) & (of["ties"] <= 1)
    )
    return np.where(household, HOUSEHOLD, np.where(strangers, OTHER, -1))


def log_odds_terms(model: Model, levels: Levels) -> Floats:
    """The log-odds of `household`, taken apart: base rate first, then what each kind adds, in the order of `KINDS`.

    A row's terms add up to its log-odds. Evidence that is counted later adds to what was known before it.
    """
    log_joint = np.repeat(np.log(model.shares)[None, :], len(levels), axis=0)
    steps = [_log_odds(log_joint)]
    for column, table in enumerate(model.tables):
        log_joint = log_joint + np.log(table[:, levels[:, column]]).T
        steps.append(_log_odds(log_joint))
    return np.diff(np.column_stack(steps), axis=1, prepend=0.0)


def probability(log_odds: Floats) -> Floats:
    """From log-odds to probability."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


def _log_odds(log_joint: Floats) -> Floats:
    return np.asarray(log_joint[:, HOUSEHOLD] - np.logaddexp(log_joint[:, KIN], log_joint[:, OTHER]))


def _joint(model: Model, patterns: Levels) -> Floats:
    joint = np.repeat(model.shares[None, :], len(patterns), axis=0)
    for column, table in enumerate(model.tables):
        joint = joint * table[:, patterns[:, column]].T
    return joint


def _maximise(weights: Floats, patterns: Levels, start: Model, iteration: int) -> Model:
    shares = weights.sum(axis=0) + PRIOR_PAIRS * start.shares
    tables = []
    for column, begun in enumerate(start.tables):
        table = PRIOR_PAIRS * begun[:, :-1]
        for level in range(table.shape[1]):
            table[:, level] += weights[patterns[:, column] == level].sum(axis=0)
        tables.append(_open(table / table.sum(axis=1, keepdims=True)))
    return Model(shares=shares / shares.sum(), tables=tuple(tables), iterations=iteration)


def _open(table: Floats) -> Floats:
    """A last column of ones, reached by the level -1: what was not observed says nothing."""
    return np.column_stack([table, np.ones(len(table))])
