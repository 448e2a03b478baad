"""Between which persons are there ties, of which kind and strength? At home, kin, friends, colleagues, neighbours.

Reads people, kin, places, circles; returns bonds between persons. Before: pairs, which puts numbers in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Floats, Index, Ints
from hogar.twin.chance import flip
from hogar.twin.contracts.lines import Lines
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.places import Places
from hogar.twin.people.population import Population
from hogar.twin.people.workplaces import Workplaces

WHY = ("home", "kin", "friend", "colleague", "neighbour", "stranger", "hub", "company")
HOME, KIN, FRIEND, COLLEAGUE, NEIGHBOUR, STRANGER, HUB, COMPANY = range(8)
MINUTES = (
    1.9,
    4.4,
    3.2,
    2.0,
    2.2,
    2.8,
    2.4,
    1.8,
)  # mean of a call by WHY; kin calls are longer (Fudolig 2020)
EVENING = (0.46, 0.55, 0.52, 0.10, 0.45, 0.40, 0.22, 0.08)
SILENT_SHARERS = 0.40  # flatmates without a call
SILENT_QUARTERS = 0.80
SILENT_HOME = 0.08  # of other pairs of a home
TEAM = 8  # colleagues who know each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """Two ends and the calls of a month between them, messengers not yet taken off."""

    why: int
    one: Index | Ints
    other: Index | Ints
    calls: Floats


def at_home(population: Population, ott: Floats, params: Params, rng: np.random.Generator) -> list[Bonds]:
    """Members of one home, by what they are to each other; some couples never call, most flatmates rarely."""
    traffic, found = params.traffic, []
    shares = population.kind == KINDS.index("flat_share")
    quarters = population.kind == KINDS.index("group_quarters")
    for step in range(1, int(population.size.max(initial=1))):
        one = np.arange(population.persons - step)
        other = one + step
        home = population.home[one]
        together = (home == population.home[other]) & ~(quarters[home] & (step > 2))
        one, other, home = one[together], other[together], home[together]
        couple = population.partner[one] == other
        child = _is_child(population, one, other)
        calls = np.select(
            [couple, child, shares[home] | quarters[home]],
            [traffic.couple_calls, traffic.parent_calls, traffic.sharer_calls],
            traffic.sibling_calls,
        )
        silent = np.select(
            [couple, quarters[home], shares[home]],
            [
                np.minimum(
                    traffic.couple_silent + traffic.couple_silent_ott * (ott[one] + ott[other]) / 2, 1
                ),
                SILENT_QUARTERS,
                SILENT_SHARERS,
            ],
            SILENT_HOME,
        )
        calls = calls * rng.gamma(1.8, 1 / 1.8, len(one))
        spoken = ~flip(rng, silent, len(one))
        found.append(Bonds(why=HOME, one=one[spoken], other=other[spoken], calls=calls[spoken]))
    return found


def with_kin(population: Population, params: Params, rng: np.random.Generator) -> list[Bonds]:
    """Parents, children, siblings of other homes; the other parent of the children; grandparents near by."""
    here = np.arange(population.persons)
    ends: list[tuple[NDArray[Any], NDArray[Any], float]] = []
    for parent in (population.father, population.mother):
        ends.append((here[parent >= 0], parent[parent >= 0], 1.0))
        by_parent = np.lexsort((rng.random(len(here)), parent))
        by_parent = by_parent[parent[by_parent] >= 0]
        same = parent[by_parent[1:]] == parent[by_parent[:-1]]
        ends.append((by_parent[1:][same], by_parent[:-1][same], 0.6))
    matters = population.elsewhere[population.home]
    ends.append((here[matters >= 0], matters[matters >= 0], 1.1))
    near = np.flatnonzero(population.near >= 0)
    for shift in (0, 1):
        two = population.size[near] > shift
        ends.append((population.first[near][two] + shift, population.first[population.near[near][two]], 0.9))
    found = []
    for one, other, weight in ends:
        apart = population.home[one] != population.home[other]
        calls = params.traffic.kin_calls * weight * rng.gamma(1.6, 1 / 1.6, len(one))
        found.append(Bonds(why=KIN, one=one[apart], other=other[apart], calls=calls[apart]))
    return found


def with_friends(
    population: Population, circle: Ints, reached: Flags, params: Params, rng: np.random.Generator
) -> list[Bonds]:
    """Within circles, so that friends of friends are friends, and some old friends from elsewhere."""
    traffic, own = params.traffic, reached & (circle >= 0)
    rows = np.flatnonzero(own)
    rows = rows[np.lexsort((rng.random(len(rows)), circle[rows]))]
    found = [
        _in_circles(rows, step, circle, population, params, rng) for step in range(1, traffic.circle + 4)
    ]
    old = rng.poisson(params.use.friends * traffic.old_friends / 2, len(rows))
    one = np.repeat(rows, old)
    other = rows[(rng.random(len(one)) * len(rows)).astype(np.int64)]
    return [*found, Bonds(why=FRIEND, one=one, other=other, calls=_friendly(len(one), params, rng))]


def with_colleagues(
    workplaces: Workplaces, reached: Flags, params: Params, rng: np.random.Generator
) -> list[Bonds]:
    """Small teams of a workplace; they call in working hours."""
    rows = np.flatnonzero((workplaces.of >= 0) & reached)
    rows = rows[np.lexsort((rng.random(len(rows)), workplaces.of[rows]))]
    chance, found = params.traffic.colleagues / 4, []
    for step in range(1, 5):
        one, other = rows[:-step], rows[step:]
        team = np.arange(len(one)) % TEAM + step < TEAM
        near = (
            team & (workplaces.of[one] == workplaces.of[other]) & flip(rng, min(1.0, chance * 1.6), len(one))
        )
        one, other = one[near], other[near]
        calls = params.traffic.colleague_calls * heavy(len(one), 0.9, rng)
        found.append(Bonds(why=COLLEAGUE, one=one, other=other, calls=calls))
    return found


def with_neighbours(
    population: Population, places: Places, params: Params, rng: np.random.Generator
) -> list[Bonds]:
    """Homes of one building, by their first adults."""
    building = places.building[places.dwelling]
    order = np.lexsort((rng.random(len(building)), building))
    next_door = building[order[1:]] == building[order[:-1]]
    next_door &= flip(rng, params.traffic.neighbours, len(next_door))
    one, other = population.first[order[1:][next_door]], population.first[order[:-1][next_door]]
    calls = params.traffic.neighbour_calls * heavy(len(one), 0.8, rng)
    return [Bonds(why=NEIGHBOUR, one=one, other=other, calls=calls)]


def of_one_plan(
    population: Population, lines: Lines, params: Params, rng: np.random.Generator
) -> list[Bonds]:
    """Users of different homes who share a plan: who splits a bill knows the others."""
    rows = np.flatnonzero(lines.mobile & (lines.pool >= 0) & (lines.user >= 0) & (lines.company < 0))
    one, other = lines.user[lines.pool[rows]], lines.user[rows]
    apart = (one >= 0) & (population.home[one] != population.home[other])
    one, other = one[apart], other[apart]
    return [Bonds(why=FRIEND, one=one, other=other, calls=_friendly(len(one), params, rng))]


def _is_child(population: Population, one: Index, other: Index) -> Flags:
    return np.asarray(
        (population.father[other] == one)
        | (population.mother[other] == one)
        | (population.father[one] == other)
        | (population.mother[one] == other)
    )


def _in_circles(
    rows: Index, step: int, circle: Ints, population: Population, params: Params, rng: np.random.Generator
) -> Bonds:
    """Pairs of members `step` apart in their circle's order; half of the possible pairs with the usual size."""
    one, other = rows[:-step], rows[step:]
    inside = (circle[one] == circle[other]) & (population.home[one] != population.home[other])
    share = params.use.friends * (1 - params.traffic.old_friends) / max(1, params.traffic.circle - 1)
    inside &= flip(rng, min(1.0, share), len(one))
    one, other = one[inside], other[inside]
    return Bonds(why=FRIEND, one=one, other=other, calls=_friendly(len(one), params, rng))


def _friendly(count: int, params: Params, rng: np.random.Generator) -> Floats:
    calls = params.traffic.friend_calls * heavy(count, params.traffic.friend_sigma, rng)
    best = flip(rng, params.traffic.best_friends, count)
    return np.where(best, np.maximum(calls, params.traffic.couple_calls * 1.2), calls)


def heavy(count: int, sigma: float, rng: np.random.Generator) -> Floats:
    """Mean 1, heavy-tailed."""
    return np.asarray(np.exp(rng.normal(size=count) * sigma - sigma**2 / 2))


def joined(found: Sequence[Bonds]) -> tuple[Index, Index, Index, Floats]:
    """Why, one end, other end, calls of all bonds in their order."""
    return (
        np.concatenate([np.full(len(bonds.one), bonds.why) for bonds in found]),
        np.concatenate([np.asarray(bonds.one, dtype=np.int64) for bonds in found]),
        np.concatenate([np.asarray(bonds.other, dtype=np.int64) for bonds in found]),
        np.concatenate([bonds.calls for bonds in found]),
    )
