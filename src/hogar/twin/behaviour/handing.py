"""Who gets the old phone? Members of the home, kin, friends, or a dealer who sells it on to a stranger.

Reads lines, people and the phones that become free; returns who takes each. Used by: devices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Days, Flags, Index, rank_in_group
from hogar.twin.chance import between, flip
from hogar.twin.contracts.lines import Lines
from hogar.twin.parameters import MINOR, OLD, Params
from hogar.twin.people.population import Population

RANKS = 64  # more lines than any home has; ranks beyond find nobody
ROUNDS = 4  # of asking at home: who was asked may have a newer line, or be the giver's own second SIM
SOLD_HERE = 0.7  # of what dealers sell goes to our customers, the rest to others'
LEAST_DAYS = 7  # in the new hands, before the extract or the end of the line


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """Phones that became free: the line they were in, the day, and whether they went to a dealer."""

    line: Index
    day: Days
    resold: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """For each freed phone: the line that takes it (-1) and since when; the dealer's line (-1), when and how long."""

    taker: Index
    start: Days
    dealer: Index
    shown: Days
    shown_days: Index


def hand_on(
    freed: Freed,
    lines: Lines,
    last: Days,
    free: Flags,
    dealers: Index,
    population: Population,
    params: Params,
    rng: np.random.Generator,
) -> Handed:
    """Takers are among the `free` lines, each takes one phone at most; some phones leave this market."""
    count = len(freed.line)
    dealer, shown, shown_days = _through_dealer(freed, lines, last, dealers, rng)
    wait = between(rng, 0, 5, count)
    start = np.where(dealer >= 0, shown + shown_days + 1 + 3 * wait, freed.day + wait)
    draws = rng.random(count)
    to_kin, to_friends = params.devices.handed_to_kin, params.devices.handed_to_friends
    friend = ~freed.resold & (draws < to_friends)
    kin = ~freed.resold & ~friend & (draws < to_friends + to_kin)
    home = ~freed.resold & ~friend & ~kin
    sold = (dealer >= 0) & flip(rng, SOLD_HERE, count)
    taker, taken = np.full(count, -1, dtype=np.int64), ~free

    def settle(rows: Index, wished: Index) -> None:
        """The wishes that can be met, each line by the first who wishes it."""
        line = np.maximum(wished, 0)
        fits = (wished >= 0) & ~taken[line] & (lines.user[line] != lines.user[freed.line[rows]])
        fits &= (lines.started[line] <= start[rows]) & (start[rows] + LEAST_DAYS <= last[line])
        rows, wished = rows[fits], wished[fits]
        chosen, first = np.unique(wished, return_index=True)
        taker[rows[first]], taken[chosen] = chosen, True

    for _ in range(ROUNDS):
        rows = np.flatnonzero(home & (taker < 0))
        settle(rows, _at_home(freed.line[rows], lines, ~taken, population, rng))
    rows = np.flatnonzero((home & (taker < 0)) | kin)
    settle(rows, _line_of_kin(freed.line[rows], lines, population))
    rows = np.flatnonzero(friend | sold)
    others = np.flatnonzero(~taken)
    others = others[rng.permutation(len(others))][: len(rows)]
    settle(rows[: len(others)], others)
    return Handed(taker=taker, start=start, dealer=dealer, shown=shown, shown_days=shown_days)


def _through_dealer(
    freed: Freed, lines: Lines, last: Days, dealers: Index, rng: np.random.Generator
) -> tuple[Index, Days, Index]:
    """(dealer's line or -1, first day in its SIM, days after it), for phones that were sold."""
    count = len(freed.line)
    draws, wait, days = rng.random(count), between(rng, 2, 20, count), between(rng, 0, 1, count)
    shown = freed.day + wait
    if not len(dealers):
        return np.full(count, -1, dtype=np.int64), shown, days
    dealer = dealers[(draws * len(dealers)).astype(np.int64)]
    open_then = (lines.started[dealer] <= shown) & (shown + days <= last[dealer])
    return np.where(freed.resold & open_then, dealer, -1), shown, days


def _at_home(
    giver: Index, lines: Lines, free: Flags, population: Population, rng: np.random.Generator
) -> Index:
    """A free line of the giver's home, children's and old people's first; -1 where there is none."""
    might = np.flatnonzero(free & (lines.home >= 0) & (lines.user >= 0))
    stage = population.stage[lines.user[might]]
    key = rng.random(len(might)) * np.where((stage == MINOR) | (stage == OLD), 0.5, 1.0)
    place = _key(lines.home[might], rank_in_group(lines.home[might], key))
    order = np.argsort(place, kind="stable")
    wanted = _key(lines.home[giver], rank_in_group(lines.home[giver], rng.random(len(giver))))
    return _found(wanted, place[order], might[order])


def _line_of_kin(giver: Index, lines: Lines, population: Population) -> Index:
    """A mobile line of a parent or child of the giver who lives elsewhere; -1 where there is none."""
    line_of = np.full(population.persons + 1, -1, dtype=np.int64)
    mobile = np.flatnonzero(lines.mobile & (lines.user >= 0))[::-1]
    line_of[lines.user[mobile]] = mobile
    child = np.full(population.persons + 1, -1, dtype=np.int64)
    for parent in (population.father, population.mother):
        known = np.flatnonzero(parent >= 0)
        apart = known[population.home[known] != population.home[parent[known]]]
        child[parent[apart]] = apart
    user = lines.user[giver]
    found = np.full(len(giver), -1, dtype=np.int64)
    for kin in (population.mother[user], population.father[user], child[user]):
        apart = (kin >= 0) & (population.home[np.maximum(kin, 0)] != population.home[user])
        line = np.where(apart, line_of[kin], -1)
        found = np.where(found < 0, line, found)
    return found


def _key(home: NDArray[Any], rank: Index) -> Index:
    return np.asarray(home.astype(np.int64) * RANKS + np.minimum(rank, RANKS - 1))


def _found(wanted: Index, keys: Index, values: Index) -> Index:
    """The value of each wanted key among sorted keys, -1 for none."""
    if not len(keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], -1)
