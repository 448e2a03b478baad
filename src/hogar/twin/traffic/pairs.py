"""Who talks with whom, how much? Pairs of numbers: at home, with kin, friends, colleagues, neighbours, and others.

Reads people, kin, workplaces, circles, lines; returns columns of pairs with their usual traffic. After: whereabouts.
Calls of a user's pairs are heavy-tailed: a few alters get most (Saramäki 2014, Onnela 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Floats, Index, Ints, Small
from hogar.twin.contracts.lines import Contracts, Lines
from hogar.twin.contracts.offnet import Offnet
from hogar.twin.parameters import Params
from hogar.twin.people.places import Places
from hogar.twin.people.population import Population
from hogar.twin.people.tastes import Tastes
from hogar.twin.people.workplaces import Workplaces
from hogar.twin.traffic.bonds import (
    COLLEAGUE,
    COMPANY,
    EVENING,
    HUB,
    MINUTES,
    WHY,
    at_home,
    joined,
    of_one_plan,
    with_colleagues,
    with_friends,
    with_kin,
    with_neighbours,
)
from hogar.twin.traffic.numbers import Numbers
from hogar.twin.traffic.outside import with_hubs, with_second_sims, with_strangers
from hogar.twin.traffic.whereabouts import Whereabouts

__all__ = ["WHY", "Pairs", "tie"]

CALLS_MAX = 400.0  # a month


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Each pair of numbers once, `one` < `other`; positions from len(lines) on belong to other operators.

    Rates are what both ends dial in a usual month, messengers already taken off. Hubs are dialled, and dial little.
    """

    one: Ints
    other: Ints
    why: Small  # place in WHY
    calls: Floats  # a month, both directions
    texts: Floats  # SMS a month, both directions
    minutes: Floats  # mean length of a call
    by_one: Floats  # share of what `one` starts
    evening: Floats  # share between 18:00 and 24:00 and at weekends

    def __len__(self) -> int:
        return len(self.one)


def tie(
    population: Population,
    workplaces: Workplaces,
    places: Places,
    tastes: Tastes,
    contracts: Contracts,
    offnet: Offnet,
    whereabouts: Whereabouts,
    params: Params,
    rng: np.random.Generator,
) -> Pairs:
    """All pairs of this market; the line by which a user is called is the first of the user's mobile lines."""
    lines = contracts.lines
    numbers = Numbers.of(population, lines, offnet)
    reached = numbers.own >= 0
    bonds = [
        *at_home(population, tastes.ott, params, rng),
        *with_kin(population, params, rng),
        *with_friends(population, whereabouts.circle, reached, params, rng),
        *with_colleagues(workplaces, reached, params, rng),
        *with_neighbours(population, places, params, rng),
        *of_one_plan(population, lines, params, rng),
    ]
    persons = joined(bonds)
    others = joined(
        [
            *with_strangers(whereabouts.circle, lines, offnet, params, rng),
            *with_second_sims(numbers.own, population, whereabouts.circle, lines, offnet, params, rng),
            *with_hubs(lines, offnet, params, rng),
        ]
    )
    drafts = _numbered(persons, numbers, lines, tastes), _outward(others, lines, tastes)
    why, one, other, calls = (np.concatenate(columns) for columns in zip(*drafts, strict=True))
    keep = _once(one, other, len(lines), len(lines) + len(offnet))
    why, one, other, calls = why[keep], one[keep], other[keep], calls[keep]
    pairs = _usual(why, one, other, np.minimum(calls, CALLS_MAX), params, rng)
    return _shuffled(_with_ported(pairs, numbers, len(lines)), rng)


def _numbered(
    bonds: tuple[Index, Index, Index, Floats], numbers: Numbers, lines: Lines, tastes: Tastes
) -> tuple[Index, Index, Index, Floats]:
    """Persons' numbers in their place. What messengers took is off, and who likes to talk talks more."""
    why, one, other, calls = bonds
    talk = np.exp(np.clip(tastes.talk[one] + tastes.talk[other], -4, 4) * 0.2)
    calls = calls * talk * (1 - (tastes.ott[one] + tastes.ott[other]) / 2)
    at_work = why == COLLEAGUE
    first = np.where(at_work, numbers.work[one], numbers.own[one]).astype(np.int64)
    second = np.where(at_work, numbers.work[other], numbers.own[other]).astype(np.int64)
    firm = np.append(lines.company, np.int32(-1))
    ends = firm[np.minimum(first, len(lines))], firm[np.minimum(second, len(lines))]
    why = np.where(at_work & (ends[0] >= 0) & (ends[0] == ends[1]), COMPANY, why)
    calls = np.where(why == COMPANY, 2.5 * calls, calls)
    usable = (first >= 0) & (second >= 0) & (np.minimum(first, second) < len(lines)) & (first != second)
    return why[usable], first[usable], second[usable], calls[usable]


def _outward(
    bonds: tuple[Index, Index, Index, Floats], lines: Lines, tastes: Tastes
) -> tuple[Index, Index, Index, Floats]:
    why, one, other, calls = bonds
    user = lines.user[one]
    calls = (
        calls
        * np.exp(np.clip(tastes.talk[user], -2, 2) * 0.4)
        * np.where(why == HUB, 1.0, 1 - tastes.ott[user])
    )
    usable = one != other
    return why[usable], one[usable], other[usable], calls[usable]


def _once(one: Index, other: Index, lines: int, positions: int) -> Index:
    """The rows that are the first of their pair; a pair of two other operators' numbers is none of ours."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    _, first = np.unique(low * positions + high, return_index=True)
    first.sort()
    return np.asarray(first[low[first] < lines])


def _usual(
    why: Index, one: Index, other: Index, calls: Floats, params: Params, rng: np.random.Generator
) -> Pairs:
    """The usual traffic of pairs: texts, length of calls, who calls, when."""
    count = len(why)
    started = rng.beta(5.0, 5.0, count)  # the eager end starts two thirds of calls: cns_calls_sms
    started = np.where(why == HUB, 0.92, started)
    minutes = np.array(MINUTES)[why] * np.exp(rng.normal(size=count) * 0.6 - 0.18)
    evening = np.clip(np.array(EVENING)[why] + rng.normal(size=count) * 0.12, 0.02, 0.95)
    texts = calls * params.traffic.texts_per_call * rng.gamma(0.7, 1 / 0.7, count)
    return Pairs(
        one=np.minimum(one, other).astype(np.int32),
        other=np.maximum(one, other).astype(np.int32),
        why=why.astype(np.int8),
        calls=calls,
        texts=texts,
        minutes=minutes,
        by_one=np.where(one < other, started, 1 - started),
        evening=evening,
    )


def _with_ported(pairs: Pairs, numbers: Numbers, lines: int) -> Pairs:
    """Where a line went to another operator its pairs go on there, with whom is still with us."""
    if not len(numbers.ported):
        return pairs
    positions = int(max(pairs.other.max(initial=0), numbers.ported.max(initial=0))) + 1
    goes = np.full(positions, -1, dtype=np.int64)
    goes[numbers.ported] = numbers.taken
    from_one, from_other = goes[pairs.one] >= 0, (goes[pairs.other] >= 0) & (goes[pairs.one] < 0)
    rows = np.flatnonzero(from_one & (pairs.other < lines) & (goes[pairs.other] < 0) | from_other)
    flipped = from_one[rows]
    one = np.where(flipped, pairs.other[rows], pairs.one[rows])
    other = np.where(flipped, goes[pairs.one[rows]], goes[pairs.other[rows]])
    more = Pairs(
        one=one.astype(np.int32),
        other=other.astype(np.int32),
        why=pairs.why[rows],
        calls=pairs.calls[rows],
        texts=pairs.texts[rows],
        minutes=pairs.minutes[rows],
        by_one=np.where(flipped, 1 - pairs.by_one[rows], pairs.by_one[rows]),
        evening=pairs.evening[rows],
    )
    return Pairs(
        **{name: np.concatenate([getattr(pairs, name), getattr(more, name)]) for name in Pairs.__slots__}
    )


def _shuffled(pairs: Pairs, rng: np.random.Generator) -> Pairs:
    """In an order that says nothing."""
    order = rng.permutation(len(pairs))
    return Pairs(**{name: getattr(pairs, name)[order] for name in Pairs.__slots__})
