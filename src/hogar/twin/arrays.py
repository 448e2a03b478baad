"""How are people, homes and lines kept by the million? As columns; this file names their types and works on groups.

A group (the members of a home, the lines of a user) is a run of neighbouring rows or an array of group numbers.
Every helper is one pass over arrays; nothing here draws a number that it was not handed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Small = NDArray[np.int8]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Texts = NDArray[np.object_]
Index = NDArray[np.int64]

NEVER = np.datetime64("NaT", "D")


def runs(first: NDArray[Any], size: NDArray[Any]) -> Index:
    """The rows of runs one after the other: run k is `first[k] ... first[k] + size[k] - 1`.

    >>> runs(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    size = np.asarray(size, dtype=np.int64)
    ends = np.cumsum(size)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - size, size)
    return np.asarray(np.repeat(np.asarray(first, dtype=np.int64), size) + within)


def within(size: NDArray[Any]) -> Index:
    """The place of each row in its run: 0, 1, ... for every run in turn.

    >>> within(np.array([2, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    return runs(np.zeros(len(size), dtype=np.int64), size)


def one_of_each(group: NDArray[Any], weight: Floats, draws: Floats, groups: int) -> Index:
    """One row of each group, drawn by weight; -1 for a group without a row of weight above 0.

    `draws` are uniform numbers, one a row (an exponential race: the smallest of -ln(draw) / weight wins).

    >>> one_of_each(np.array([0, 0, 2]), np.array([0.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.5]), 3).tolist()
    [1, -1, 2]
    """
    with np.errstate(divide="ignore"):
        time = np.where(weight > 0, -np.log(np.maximum(draws, 1e-300)) / weight, np.inf)
    order = np.lexsort((time, group))
    order = order[np.isfinite(time[order])]
    winner = np.full(groups, -1, dtype=np.int64)
    ordered = np.asarray(group)[order]
    heads = (
        np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        if len(ordered)
        else np.empty(0, dtype=np.int64)
    )
    winner[ordered[heads]] = order[heads]
    return winner


def rank_in_group(group: NDArray[Any], key: NDArray[Any]) -> Index:
    """The rank of each row in its group by rising key, from 0; equal keys keep their order.

    >>> rank_in_group(np.array([1, 0, 1, 1]), np.array([3, 1, 2, 9])).tolist()
    [1, 0, 0, 2]
    """
    order = np.lexsort((np.arange(len(group)), key, group))
    ordered = np.asarray(group)[order]
    start = np.zeros(len(order), dtype=np.int64)
    heads = (
        np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        if len(order)
        else np.empty(0, dtype=np.int64)
    )
    start[heads] = heads
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order)) - np.maximum.accumulate(start)
    return ranks


def count_of(group: NDArray[Any], groups: int, where: Flags | None = None) -> Index:
    """How many rows (of those `where`) each group has; rows of a group below 0 count for nobody."""
    chosen = np.asarray(group)[where] if where is not None else np.asarray(group)
    return np.bincount(chosen[chosen >= 0], minlength=groups)
