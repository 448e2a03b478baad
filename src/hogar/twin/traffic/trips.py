"""Who travels, when, with whom? Stays abroad and in other cities; most trips of a home are made together.

Not all of a home go, nor all on the same days; and friends or kin of other homes come along.

Reads people, tastes, segments; returns one row a person and stay. After: whereabouts; before: days of use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index, Ints, Small, one_of_each, runs
from hogar.twin.chance import between, flip
from hogar.twin.contracts.lines import Contracts
from hogar.twin.contracts.segments import TRAVELLER, Segments
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.population import Population
from hogar.twin.people.relatives import kin_elsewhere
from hogar.twin.people.tastes import Tastes

if TYPE_CHECKING:
    from hogar.twin.traffic.whereabouts import Whereabouts

COUNTRIES = ("US", "MA", "GB", "CH", "TR", "MX", "AR", "TH")
LATEST = 12  # days before the extract on which a trip starts at the latest
FRIENDS_MOST = 3  # who go with a lone traveller
ASKS_KIN = 0.5  # who asks somebody along asks kin, where there is some; all others ask friends
HOME_COMES = 0.5  # of those who go with a home bring their own
OF_NO_FAMILY = tuple(KINDS.index(kind) for kind in ("flat_share", "group_quarters"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trips:
    """Stays away from home within the extract's days: one row a person and stay.

    `from_day` counts back from the extract (60 is sixty days before); `country` is -1 for a stay in this country,
    at `cell`. `together` numbers the stays of those who went together, of one home or several; -1 for lone travellers.
    """

    person: Ints
    from_day: Ints
    days: Ints
    country: Small
    cell: Ints  # -1 abroad
    mb: Floats  # a day abroad
    together: Ints

    def __len__(self) -> int:
        return len(self.person)


def travel(
    population: Population,
    contracts: Contracts,
    tastes: Tastes,
    whereabouts: Whereabouts,
    segments: Segments,
    params: Params,
    rng: np.random.Generator,
) -> Trips:
    """Trips within the extract's days. Travellers by habit were away some weeks ago; their homes stayed."""
    window = params.use.usage_days
    habit = _by_habit(contracts)
    busy = segments.of_home[population.home] == TRAVELLER
    circle = whereabouts.circle
    abroad, led_abroad = _away(population, tastes, circle, params.trips.travels, busy, params, rng)
    busy = busy | _flags(population.persons, abroad)
    inland, led_inland = _away(population, tastes, circle, params.trips.domestic, busy, params, rng)
    person, leader = np.concatenate([abroad, inland]), np.concatenate([led_abroad, led_inland])
    # one draw a trip: who goes together shares the leader's; nobody is on two trips, so a leader names one
    row = np.full(population.persons, -1, dtype=np.int64)
    row[person] = np.arange(len(person))
    draws = rng.random((len(person), 4))[row[leader]]
    _, number, sizes = np.unique(leader, return_inverse=True, return_counts=True)
    group = np.where(sizes[number] > 1, number, -1)
    start = LATEST + (draws[:, 0] * max(1, window - LATEST - 2)).astype(np.int64)
    days = 3 + (draws[:, 1] ** 2 * params.trips.days).astype(np.int64)
    is_abroad = np.arange(len(person)) < len(abroad)
    days = np.where(is_abroad, days, np.minimum(days, 9))
    uneven = np.where(person == leader, np.inf, rng.random(len(person)) / max(params.trips.uneven / 3, 1e-9))
    start = start - (uneven < 1)  # a day later, or a day less
    days = days - (uneven < 2)
    cells = len(whereabouts.beside)
    ours = rng.random((len(habit), 4))
    return Trips(
        person=np.concatenate([habit, person]).astype(np.int32),
        from_day=np.concatenate([(window * (0.5 + 0.35 * ours[:, 0])).astype(np.int64), start]).astype(np.int32),
        days=np.concatenate([6 + (ours[:, 1] * 10).astype(np.int64), days]).astype(np.int32),
        country=np.concatenate([
            (ours[:, 2] * len(COUNTRIES)).astype(np.int64),
            np.where(is_abroad, (draws[:, 2] * len(COUNTRIES)).astype(np.int64), -1),
        ]).astype(np.int8),
        cell=np.concatenate([
            np.full(len(habit), -1),
            np.where(is_abroad, -1, (draws[:, 2] * cells).astype(np.int64)),
        ]).astype(np.int32),
        mb=np.concatenate([140 + 90 * ours[:, 3], np.where(is_abroad, 20 + 200 * rng.random(len(person)), 0.0)]),
        together=np.concatenate([np.full(len(habit), -1), group]).astype(np.int32),
    )  # fmt: skip


def _by_habit(contracts: Contracts) -> Index:
    """The users of focus lines of the travellers' segment, once each."""
    lines = contracts.lines
    rows = np.flatnonzero(lines.focus & (lines.segment == TRAVELLER) & lines.mobile & (lines.user >= 0))
    return np.unique(lines.user[rows]).astype(np.int64)


def _away(
    population: Population,
    tastes: Tastes,
    circle: Ints,
    share: float,
    busy: Flags,
    params: Params,
    rng: np.random.Generator,
) -> tuple[Index, Index]:
    """Who goes, and with whom: the person who leads (oneself when alone), so that about `share` of all persons go."""
    persons, homes = population.persons, population.homes
    share = share / (1 + params.trips.with_others)  # the others come along
    drawn = np.exp(np.clip(tastes.travel, -3, 3) * 0.5 - 0.125)
    eager = np.bincount(population.home, drawn, minlength=homes) / np.maximum(population.size, 1)
    family = (population.size > 1) & ~np.isin(population.kind, OF_NO_FAMILY)
    taken = np.bincount(population.home, busy, minlength=homes) > 0
    goes = flip(rng, np.minimum(share * params.trips.together * eager, 1), homes) & family & ~taken
    in_group = goes[population.home]
    alone_share = np.where(family[population.home], share * (1 - params.trips.together), share)
    alone = flip(rng, np.minimum(alone_share * drawn, 1), persons) & ~in_group & ~busy
    alone &= population.age >= 18
    first = one_of_each(
        population.home, np.where(in_group & population.adult, 1.0, 0.0), rng.random(persons), homes
    )
    leader = np.where(alone, np.arange(persons), np.where(in_group, first[population.home], -1))
    stays = flip(rng, params.trips.uneven / 3, persons) & (leader != np.arange(persons))
    leader = np.where(stays, -1, leader)
    asks = np.flatnonzero((leader == np.arange(persons)) & flip(rng, params.trips.with_others, persons))
    free = (leader < 0) & ~busy & ~in_group
    guest, host = _asked_along(asks, in_group, free, circle, population, family, rng)
    guest, once = np.unique(guest, return_index=True)
    leader[guest] = host[once]
    person = np.flatnonzero(leader >= 0)
    return person, leader[person].astype(np.int64)


def _asked_along(
    asks: Index,
    in_group: Flags,
    free: Flags,
    circle: Ints,
    population: Population,
    family: Flags,
    rng: np.random.Generator,
) -> tuple[Index, Index]:
    """(guest, host): kin of another home, or friends; who goes with a home may bring the own one."""
    kin = kin_elsewhere(population, rng)[asks]
    relative = (kin >= 0) & flip(rng, ASKS_KIN, len(asks))
    order = np.flatnonzero((circle >= 0) & population.adult)
    order = order[np.lexsort((rng.random(len(order)), circle[order]))]
    place = np.full(population.persons, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    several = np.where(in_group[asks], 1, between(rng, 1, FRIENDS_MOST, len(asks)))
    several = np.where(relative | (place[asks] < 0), 0, several)
    beside = runs(place[asks] + 1, several)
    friend_of = np.repeat(asks, several)
    inside = beside < len(order)
    friend, friend_of = order[beside[inside]], friend_of[inside]
    friends = circle[friend] == circle[friend_of]
    guest = np.concatenate([kin[relative], friend[friends]])
    host = np.concatenate([asks[relative], friend_of[friends]])
    comes = free[guest] & (population.home[guest] != population.home[host])
    guest, host = guest[comes], host[comes]
    home = population.home[guest]
    brings = in_group[host] & family[home] & flip(rng, HOME_COMES, len(guest))
    size = np.where(brings, population.size[home], 1)
    guest = runs(np.where(brings, population.first[home], guest), size)
    return guest[free[guest]], np.repeat(host, size)[free[guest]]


def _flags(count: int, rows: Index) -> Flags:
    flags = np.zeros(count, dtype=bool)
    flags[rows] = True
    return flags
