"""Where are the hard cases? Ten kinds of people and lines on whom household resolution usually goes wrong.

Reads the world; returns who takes part. Nothing is planted here: the generators bring them forth, the finders
name them, so that each can be looked at by itself. Only the truth lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Index, runs
from hogar.twin.behaviour.use import FADES_NEVER
from hogar.twin.calendar import last_month, today
from hogar.twin.parameters import KINDS
from hogar.twin.traffic.pairs import WHY
from hogar.twin.world import World

SEPARATED, FLAT_SHARE = KINDS.index("separated"), KINDS.index("flat_share")
FRIEND = WHY.index("friend")
FRIENDS_CALLS_MIN = 45  # a month: so many, spread at random, fall on 18 days and more
SHOP_SIMS_MIN, POOL_SIMS_MIN = 30, 4
WINDOW_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everybody who takes part in a case, row by row: the number of the case, a person or -1, a line or -1."""

    number: Index
    person: Index
    line: Index

    @property
    def count(self) -> int:
        return int(self.number[-1]) + 1 if len(self.number) else 0

    def first(self, count: int) -> Found:
        """The first `count` cases."""
        kept = self.number < count
        return Found(number=self.number[kept], person=self.person[kept], line=self.line[kept])


def separated_parents(world: World) -> Found:
    """A parent, the other parent elsewhere, and the children who live with both; somebody of each home is ours."""
    population = world.population
    children = np.flatnonzero(population.other_home >= 0)
    served = np.zeros(population.homes, dtype=bool)
    served[population.home[population.onnet]] = True
    children = children[served[population.home[children]] & served[population.other_home[children]]]
    homes = np.unique(population.home[children])
    homes = homes[(population.kind[homes] == SEPARATED) & (population.elsewhere[homes] >= 0)]
    members = runs(population.first[homes], population.size[homes])
    number = np.repeat(np.arange(len(homes)), population.size[homes])
    return _persons(np.r_[number, np.arange(len(homes))], np.r_[members, population.elsewhere[homes]])


def best_friends(world: World) -> Found:
    """Two users of ours in different homes who call nearly every day."""
    pairs, lines = world.pairs, world.contracts.lines
    month = last_month(world.params.now)
    busy = lines.living & (lines.started < month[0]) & (world.use.fades_from == FADES_NEVER)
    ours = (pairs.one < len(lines)) & (pairs.other < len(lines))
    daily = np.flatnonzero((pairs.why == FRIEND) & (pairs.calls >= FRIENDS_CALLS_MIN) & ours)
    one, other = pairs.one[daily], pairs.other[daily]
    home = world.population.home[lines.user]
    apart = (home[one] != home[other]) & busy[one] & busy[other]
    both = np.stack([one[apart], other[apart]], axis=1).ravel()
    return _lines(np.repeat(np.arange(int(apart.sum())), 2), both, lines.user)


def grandmother_two_streets_away(world: World) -> Found:
    """An old woman of ours, and those of her child's family near by, in another building, who bear her surname."""
    population, places = world.population, world.places
    near = population.near[population.home]
    hers = np.flatnonzero((population.sex == 0) & (population.age >= 60) & population.onnet & (near >= 0))
    building = places.building[places.dwelling]
    hers = hers[building[population.home[hers]] != building[near[hers]]]
    homes = near[hers]
    relatives = runs(population.first[homes], population.size[homes])
    number = np.repeat(np.arange(len(hers)), population.size[homes])
    hers_last = world.names.last[hers[number]]
    bears = (world.names.last[relatives] == hers_last) | (world.names.second[relatives] == hers_last)
    same = bears & population.onnet[relatives]
    return _persons(np.r_[np.arange(len(hers)), number[same]], np.r_[hers, relatives[same]], at_least=2)


def student_flat(world: World) -> Found:
    """Three and more young people in one flat, no kin, each with an own contract of ours."""
    population, lines = world.population, world.contracts.lines
    holders = np.zeros(population.persons, dtype=bool)
    own = (lines.user >= 0) & (lines.holder == lines.user) & lines.mobile & lines.living
    holders[lines.user[own]] = True
    young = population.age <= 30
    flat = (population.kind == FLAT_SHARE) & (population.size >= 3)
    old = np.bincount(population.home[~young], minlength=population.homes)
    several = np.bincount(population.home[holders], minlength=population.homes) >= 2
    homes = np.flatnonzero(flat & (old == 0) & several)
    members = runs(population.first[homes], population.size[homes])
    return _persons(np.repeat(np.arange(len(homes)), population.size[homes]), members)


def corner_shop(world: World) -> Found:
    """A shop whose one card fills the balances of many unrelated SIMs."""
    top_ups, user = world.top_ups, world.contracts.lines.user
    sold = top_ups.shop >= 0
    both = np.unique(np.stack([top_ups.shop[sold], top_ups.line[sold]], axis=1).astype(np.int64), axis=0)
    shop, line = both[:, 0], both[:, 1]
    many = np.bincount(shop, minlength=1) >= SHOP_SIMS_MIN
    kept = many[shop]
    number = np.cumsum(many)[shop[kept]] - 1
    return _lines(number, line[kept], user)


def phone_dealer(world: World) -> Found:
    """A SIM through which many people's phones pass, and the lines in which these are used later."""
    devices, user = world.devices, world.contracts.lines.user
    dealers = np.unique(devices.dealers)
    through = np.isin(devices.line, dealers)
    order = np.argsort(devices.device[through], kind="stable")
    device, dealer = devices.device[through][order], devices.line[through][order]
    if not len(device):
        return _lines(np.empty(0, np.int64), np.empty(0, np.int64), user)
    place = np.minimum(np.searchsorted(device, devices.device), len(device) - 1)
    passed = (device[place] == devices.device) & ~through
    number = np.asarray(np.searchsorted(dealers, np.r_[dealers, dealer[place[passed]]]))
    return _lines(number, np.r_[dealers, devices.line[passed]], user)


def twins(world: World) -> Found:
    """Two members of one home with one birthday and one mother; somebody of them is ours."""
    population = world.population
    born = np.flatnonzero(population.mother >= 0)
    order = born[np.lexsort((born, population.birth[born], population.mother[born]))]
    one, other = order[:-1], order[1:]
    same = (
        (population.mother[one] == population.mother[other])
        & (population.birth[one] == population.birth[other])
        & (population.home[one] == population.home[other])
        & (population.has_sim[one] & population.has_sim[other])
    )
    pair = np.stack([one[same], other[same]], axis=1).ravel()
    return _persons(np.repeat(np.arange(int(same.sum())), 2), pair)


def father_and_son_of_one_name(world: World) -> Found:
    """A grown-up son who bears his father's first name and first surname; both are ours."""
    population, names = world.population, world.names
    sons = np.flatnonzero(
        (population.father >= 0) & population.onnet & (population.sex == 1) & (population.age >= 18)
    )
    sons = sons[population.onnet[population.father[sons]]]
    fathers = population.father[sons]
    same = (names.first[sons] == names.first[fathers]) & (names.last[sons] == names.last[fathers])
    pair = np.stack([fathers[same], sons[same]], axis=1).ravel()
    return _persons(np.repeat(np.arange(int(same.sum())), 2), pair)


def company_pool(world: World) -> Found:
    """Lines that one small company holds and pays, used by people of several homes."""
    lines = world.contracts.lines
    held = np.flatnonzero((lines.company >= 0) & lines.mobile)
    sizes = np.bincount(lines.company[held], minlength=1)
    held = held[sizes[lines.company[held]] >= POOL_SIMS_MIN]
    _, number = np.unique(lines.company[held], return_inverse=True)
    return _lines(number, held, lines.user)


def moved_mid_window(world: World) -> Found:
    """A home of ours that moved within the last weeks: its cells and its addresses change, its people do not."""
    population, moved = world.population, world.places.moved
    served = np.bincount(population.home[population.onnet], minlength=population.homes) >= 2
    homes = np.flatnonzero(served & (moved > today(world.params.now) - WINDOW_DAYS))
    members = runs(population.first[homes], population.size[homes])
    return _persons(np.repeat(np.arange(len(homes)), population.size[homes]), members)


CASES: Mapping[str, Callable[[World], Found]] = {
    find.__name__: find
    for find in (
        separated_parents,
        best_friends,
        grandmother_two_streets_away,
        student_flat,
        corner_shop,
        phone_dealer,
        twins,
        father_and_son_of_one_name,
        company_pool,
        moved_mid_window,
    )
}


def _persons(number: NDArray[Any], person: NDArray[Any], *, at_least: int = 1) -> Found:
    """Cases of persons, in the order of their numbers; those of fewer than `at_least` are left out."""
    number, person = np.asarray(number, dtype=np.int64), np.asarray(person, dtype=np.int64)
    kept: Flags = np.bincount(number, minlength=1) >= at_least
    chosen = kept[number]
    number, person = (np.cumsum(kept) - 1)[number[chosen]], person[chosen]
    order = np.argsort(number, kind="stable")
    return Found(number=number[order], person=person[order], line=np.full(len(number), -1))


def _lines(number: NDArray[Any], line: NDArray[Any], user: NDArray[Any]) -> Found:
    order = np.argsort(number, kind="stable")
    line = np.asarray(line, dtype=np.int64)[order]
    return Found(
        number=np.asarray(number, dtype=np.int64)[order], person=user[line].astype(np.int64), line=line
    )
