"""Who travels, when, with whom? Stays abroad and in other cities; most trips of a home are made together.

Reads people, tastes, segments; returns one row a person and stay. After: whereabouts; before: days of use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index, Ints, Small
from hogar.twin.chance import flip
from hogar.twin.contracts.lines import Contracts
from hogar.twin.contracts.segments import TRAVELLER, Segments
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.population import Population
from hogar.twin.people.tastes import Tastes

if TYPE_CHECKING:
    from hogar.twin.traffic.whereabouts import Whereabouts

COUNTRIES = ("US", "MA", "GB", "CH", "TR", "MX", "AR", "TH")
LATEST = 12  # days before the extract on which a trip starts at the latest
OF_NO_FAMILY = tuple(KINDS.index(kind) for kind in ("flat_share", "group_quarters"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trips:
    """Stays away from home within the extract's days: one row a person and stay.

    `from_day` counts back from the extract (60 is sixty days before); `country` is -1 for a stay in this country,
    at `cell`. `together` numbers the stays of a home's members that went together; -1 for lone travellers.
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
    abroad, group_abroad = _away(population, tastes, params.trips.travels, busy, params, rng)
    busy = busy | _flags(population.persons, abroad)
    inland, group_inland = _away(population, tastes, params.trips.domestic, busy, params, rng)
    group_inland = np.where(group_inland >= 0, group_inland + population.homes, -1)
    person = np.concatenate([abroad, inland])
    group = np.concatenate([group_abroad, group_inland])
    lone = group < 0
    # one draw a trip: the members of a group share the numbers of its home
    row = np.where(lone, np.arange(len(person)), len(person) + group)
    draws = rng.random((len(person) + 2 * population.homes, 4))[row]
    start = LATEST + (draws[:, 0] * max(1, window - LATEST - 2)).astype(np.int64)
    days = 3 + (draws[:, 1] ** 2 * params.trips.days).astype(np.int64)
    is_abroad = np.arange(len(person)) < len(abroad)
    cells = len(whereabouts.beside)
    ours = rng.random((len(habit), 4))
    stay = np.where(is_abroad, days, np.minimum(days, 9))
    return Trips(
        person=np.concatenate([habit, person]).astype(np.int32),
        from_day=np.concatenate([(window * (0.5 + 0.35 * ours[:, 0])).astype(np.int64), start]).astype(np.int32),
        days=np.concatenate([6 + (ours[:, 1] * 10).astype(np.int64), stay]).astype(np.int32),
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
    share: float,
    busy: Flags,
    params: Params,
    rng: np.random.Generator,
) -> tuple[Index, Index]:
    """Who goes, and the home as whose group (-1 for alone), so that about `share` of all persons go."""
    drawn = np.exp(np.clip(tastes.travel, -3, 3) * 0.5 - 0.125)
    eager = np.bincount(population.home, drawn, minlength=population.homes) / np.maximum(population.size, 1)
    family = (population.size > 1) & ~np.isin(population.kind, OF_NO_FAMILY)
    taken = np.bincount(population.home, busy, minlength=population.homes) > 0
    goes = flip(rng, np.minimum(share * params.trips.together * eager, 1), population.homes) & family & ~taken
    in_group = goes[population.home]
    alone_share = np.where(family[population.home], share * (1 - params.trips.together), share)
    alone = flip(rng, np.minimum(alone_share * drawn, 1), population.persons) & ~in_group & ~busy
    alone &= population.age >= 18
    person = np.flatnonzero(in_group | alone)
    return person, np.where(in_group[person], population.home[person], -1).astype(np.int64)


def _flags(count: int, rows: Index) -> Flags:
    flags = np.zeros(count, dtype=bool)
    flags[rows] = True
    return flags
