"""How likely do two persons live together? A mixture of three classes over patterns of evidence, without labels.

The classes are: household; kin and friends outside; other. Each has faces (partners, parent and child, ...), because
kinds of evidence hang together otherwise within each: who shares no surname is of an age, who shares one is not.
Within a face the kinds are taken as independent. EM runs over the distinct patterns, so its cost does not grow with the
market; sure pairs, and pairs that analysts judged, keep the classes in place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hogar.households.constants import (
    FACES,
    ITERATIONS_MAX,
    KINDS,
    PRIOR_PAIRS,
    TOLERANCE,
    Floats,
)

Levels = npt.NDArray[np.int8]  # pairs x kinds; -1 where nothing was observed
Sides = npt.NDArray[np.int8]  # a pair's class where it is sure, UNSURE elsewhere
HOUSEHOLD, OUTSIDE, OTHER, UNSURE = 0, 1, 2, -1
NOT_HOUSEHOLD = 3  # either of the other two: what an analyst's `no` says
SIDE = np.array([face.side for face in FACES])


@dataclass(frozen=True, kw_only=True)
class Model:
    """What EM learnt: shares of the faces, and a kind's table of face by level with a last column of ones (unobserved).

    A model can be kept and given back to a later resolution, whose probabilities then mean the same.
    """

    shares: Floats
    tables: tuple[Floats, ...]
    iterations: int


@dataclass(frozen=True, kw_only=True)
class Models:
    """The model of pairs each for itself, and the one that also knows of third persons."""

    alone: Model
    among: Model


def fit(levels: Levels, sure: Sides) -> Model:
    """Learn from the evidence of all candidate pairs; with few pairs the expectations in `constants` prevail."""
    distinct, place = patterns(np.column_stack([levels, sure]))
    counts = np.bincount(place, minlength=len(distinct))
    shown, sides = distinct[:, :-1], distinct[:, -1]
    start = Model(
        shares=np.array([face.share for face in FACES]) / sum(face.share for face in FACES),
        tables=tuple(_open(np.array(kind.start)) for kind in KINDS),
        iterations=0,
    )
    allowed = np.ones((len(shown), len(FACES)))
    for side in (HOUSEHOLD, OUTSIDE, OTHER):
        allowed[(sides == side)[:, None] & np.not_equal(SIDE, side)[None, :]] = 0.0
    allowed[(sides == NOT_HOUSEHOLD)[:, None] & (SIDE == HOUSEHOLD)[None, :]] = 0.0
    model, before = start, -np.inf
    for iteration in range(1, ITERATIONS_MAX + 1):
        joint = _joint(model, shown) * allowed
        total = joint.sum(axis=1, keepdims=True)
        model = _maximise(joint / total * counts[:, None], shown, start, iteration)
        now = float(counts @ np.log(total[:, 0])) / max(float(counts.sum()), 1.0)
        if abs(now - before) < TOLERANCE:
            break
        before = now
    return model


def patterns(levels: Levels) -> tuple[Levels, npt.NDArray[np.int64]]:
    """The distinct rows of small levels, -1 to 6 and 21 columns at most, and each row's place among them."""
    code = np.zeros(len(levels), dtype=np.int64)
    for column in levels.T:
        code = code * 8 + (column.astype(np.int64) + 1)
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return levels[first], place


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
    together = np.logaddexp.reduce(log_joint[:, SIDE == HOUSEHOLD], axis=1)
    return np.asarray(together - np.logaddexp.reduce(log_joint[:, SIDE != HOUSEHOLD], axis=1))


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
