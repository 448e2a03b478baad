"""Which persons make one household? Reads scored pairs; returns a household for each person.

Connected components of the likely pairs first; inside each, the partition whose kept links weigh most and whose cut
links weigh least (correlation clustering): by trying every partition where the component is small, else by merging.
Components alone would chain strangers together. Declared `apart` and the size limit always hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from hogar.households.constants import (
    EXACT_PERSONS_MAX,
    HOUSEHOLD_PERSONS_MAX,
    LINK_PROBABILITY_MIN,
    LOG_ODDS_MAX,
    UNSEEN_PAIR_LOG_ODDS,
    Floats,
)
from hogar.households.persons import components

Indices = npt.NDArray[np.int64]
MUST, CANNOT = 1e4, -1e6  # beyond any sum of links; `apart` outweighs every `together`
GREEDY_PERSONS_MAX = 300


@dataclass(frozen=True, kw_only=True)
class Links:
    """Scored pairs: the numbers of two persons, the log-odds that they live together, +1 / -1 where it is declared."""

    a: Indices
    b: Indices
    log_odds: Floats
    declared: npt.NDArray[np.int8]

    def weights(self) -> Floats:
        """What keeping each link is worth: 0 at the least probability of a link, bounded, constraints beyond bounds."""
        threshold = np.log(LINK_PROBABILITY_MIN / (1 - LINK_PROBABILITY_MIN))
        weights = np.clip(self.log_odds - threshold, -LOG_ODDS_MAX, LOG_ODDS_MAX)
        return np.asarray(np.where(self.declared > 0, MUST, np.where(self.declared < 0, CANNOT, weights)))


def cluster(count: int, links: Links) -> Indices:
    """The household of each of `count` persons, as the number of its first member; persons must be in order of id."""
    weights = links.weights()
    component = components_above(count, links, weights, 0.0)
    inside = component[links.a] == component[links.b]
    a, b, weights = links.a[inside], links.b[inside], weights[inside]
    sizes = np.bincount(component, minlength=count)
    household = np.arange(count, dtype=np.int64)
    order = np.argsort(component, kind="stable")
    starts = np.cumsum(sizes) - sizes
    place = np.empty(count, dtype=np.int64)  # of a person inside its component
    place[order] = np.arange(count) - np.repeat(starts, sizes)
    for size in range(2, EXACT_PERSONS_MAX + 1):
        which = np.flatnonzero(sizes == size)
        if len(which):
            _cut_exactly(household, order, starts, which, size, component, place, a, b, weights)
    by_component = np.argsort(component[a], kind="stable")
    ends = np.cumsum(np.bincount(component[a], minlength=count))
    for which_one in np.flatnonzero(sizes > EXACT_PERSONS_MAX):
        members = order[starts[which_one] : starts[which_one] + sizes[which_one]]
        mine = by_component[ends[which_one - 1] if which_one else 0 : ends[which_one]]
        _cut_greedily(household, members, place[a[mine]], place[b[mine]], weights[mine])
    return household


def components_above(count: int, links: Links, weights: Floats, least: float) -> Indices:
    """Connected components over the links that weigh at least this much."""
    kept = weights >= least
    return components(count, links.a[kept], links.b[kept])


def _cut_exactly(
    household: Indices,
    order: Indices,
    starts: Indices,
    which: Indices,
    size: int,
    component: Indices,
    place: Indices,
    a: Indices,
    b: Indices,
    weights: Floats,
) -> None:
    """All components of one size at once: weigh every partition of each, keep the heaviest (the first of equals)."""
    row_of = np.full(len(starts), -1, dtype=np.int64)
    row_of[which] = np.arange(len(which))
    mine = row_of[component[a]] >= 0
    first, second = np.minimum(place[a[mine]], place[b[mine]]), np.maximum(place[a[mine]], place[b[mine]])
    table = np.full((len(which), size, size), UNSEEN_PAIR_LOG_ODDS)
    table[row_of[component[a[mine]]], first, second] = weights[mine]
    upper = np.triu_indices(size, 1)
    labels = partitions(size)
    together = (labels[:, upper[0]] == labels[:, upper[1]]).astype(np.float64)
    flat = table[:, upper[0], upper[1]]
    for begin in range(0, len(which), 10_000):
        scores = np.round(flat[begin : begin + 10_000] @ together.T, 9)
        best = labels[np.argmax(scores, axis=1)]
        members = order[starts[which[begin : begin + 10_000]][:, None] + np.arange(size)]
        household[members] = np.take_along_axis(members, best, axis=1)


@cache
def partitions(size: int) -> npt.NDArray[np.int64]:
    """Every partition of `size` things: a row each, a thing's label being the place of the first of its group.

    >>> partitions(3).tolist()
    [[0, 0, 0], [0, 0, 2], [0, 1, 0], [0, 1, 1], [0, 1, 2]]
    """
    rows: list[list[int]] = [[0]]
    for place in range(1, size):
        rows = [[*row, label] for row in rows for label in [*sorted(set(row)), place]]
    return np.array(rows, dtype=np.int64)


def _cut_greedily(household: Indices, members: Indices, a: Indices, b: Indices, weights: Floats) -> None:
    """A big component: merge the two groups whose links add up to most, as long as that is a gain and a home's size.

    Above `GREEDY_PERSONS_MAX` the weaker links are dropped first, until what hangs together is small enough.
    """
    size = len(members)
    if size > GREEDY_PERSONS_MAX:
        bar = np.unique(weights[weights > 0])
        kept = (weights >= bar[len(bar) // 2]) | (weights < 0)
        smaller = components(size, a[kept & (weights > 0)], b[kept & (weights > 0)])
        if len(bar) == 1:  # all alike: nothing tells where to cut
            kept[:], smaller = True, np.arange(size) // GREEDY_PERSONS_MAX
        for one in np.unique(smaller):
            place = np.flatnonzero(smaller == one)
            mine = kept & (smaller[a] == one) & (smaller[b] == one)
            within = np.searchsorted(place, a[mine]), np.searchsorted(place, b[mine])
            _cut_greedily(household, members[place], *within, weights[mine])
        return
    table = np.full((size, size), UNSEEN_PAIR_LOG_ODDS)
    table[a, b] = weights
    table[b, a] = weights
    np.fill_diagonal(table, -np.inf)
    group, persons = np.arange(size), np.ones(size, dtype=np.int64)
    while True:
        fits = persons[:, None] + persons[None, :] <= HOUSEHOLD_PERSONS_MAX
        gain = np.where(fits, np.round(table, 9), -np.inf)
        keep, join = divmod(int(np.argmax(gain)), size)
        if gain[keep, join] <= 0:
            break
        group[group == join] = keep
        persons[keep] += persons[join]
        table[keep, :] += table[join, :]
        table[:, keep] += table[:, join]
        table[[keep, join], [keep, join]] = -np.inf
        table[join, :] = table[:, join] = -np.inf
    household[members] = members[group]
