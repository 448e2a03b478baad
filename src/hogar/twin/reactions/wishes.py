"""Do they want it? How well an offer meets the user's true needs, what it does to the bill, how keen that makes.

Reads the crowd, the state, the month's facts; returns a score a row, on the scale of a complementary log-log.
After: reach; before: family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Floats
from hogar.twin.contracts.lines import PREPAID
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.reactions import offers as catalogue
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.facts import Facts
from hogar.twin.reactions.state import State

HEART_LIFT = np.array([0.6, 0.0, -0.9])  # curious, indifferent, hostile
PEAK_MONTH = np.array([9, 9, 9, 11, 9, 7, 12, 12, 9, 9])  # of the year, by family
SWING = np.array([0.3, 0.3, 0.5, 1.0, 0.0, 3.0, 1.5, 0.5, 0.0, 0.0])
LOSS, GAIN = 5.0, 2.5  # a dearer bill hurts twice as much as a cheaper one pleases (Tversky, Kahneman 1992)
NOTHING_NEW = -5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`keenness` is the score of interest; `need`, `pain` and the relative `change` of the bill went into it."""

    need: Floats
    change: Floats
    pain: Floats
    keenness: Floats


def wish(
    crowd: Crowd,
    state: State,
    facts: Facts,
    person: NDArray[Any],
    line: NDArray[Any],
    offer: NDArray[Any],
    price_cents: Floats,
    params: Reactions,
) -> Wish:
    """What each person thinks of each offer for each line (-1: none). A price of NaN is the catalogue's."""
    home, family = crowd.home[person], catalogue.FAMILY[offer]
    need, cost = _needs(crowd, state, facts, person, line, offer)
    bill = np.maximum(facts.bill[home], 1000.0)
    once = catalogue.ONE_TIME[offer] * 0.35
    change = np.where(np.isnan(price_cents), cost + once, price_cents + once) / bill
    pain = pain_of(crowd, home, change)
    felt = np.where(crowd.age[person] >= 18, pain, 0.3 * pain)
    year_month = (crowd.first_month + np.int64(state.month)).astype(np.int64) % 12 + 1
    season = SWING[family] * np.cos(2 * np.pi * (year_month - PEAK_MONTH[family]) / 12)
    keenness = (
        params.interest
        + HEART_LIFT[crowd.heart[person]]
        + params.need * need
        - params.price * felt
        - params.inertia * crowd.inertia[home]
        - params.repeat * np.log1p(state.heard[person, family])
        + params.season * season
        + params.word_of_mouth * np.minimum(state.buzz[person, family], 3.0)
    )
    gone = ~facts.customer[person] | state.took[person, family] | state.home_took[home, family]
    gone |= (line >= 0) & ~state.living[np.maximum(line, 0)]
    return Wish(need=need, change=change, pain=pain, keenness=np.where(gone, -12.0, keenness))


def pain_of(crowd: Crowd, home: NDArray[Any], change: Floats) -> Floats:
    """How a change of the bill feels in a home that minds prices this much."""
    felt = np.where(change > 0, LOSS * change, GAIN * change)
    return np.asarray(np.exp(0.45 * crowd.price[home]) * np.clip(felt, -1.2, 2.5))


def interested(keenness: Floats) -> Floats:
    """The chance to be interested: complementary log-log of the score."""
    return np.asarray(-np.expm1(-np.exp(np.minimum(keenness, 5.0))))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """Rows of one family: who is asked about which offer, for which line."""

    crowd: Crowd
    state: State
    facts: Facts
    person: NDArray[Any]
    home: NDArray[Any]
    line: NDArray[Any]
    offer: NDArray[Any]

    @property
    def at(self) -> NDArray[Any]:
        """The line's row, any row where there is none."""
        return np.asarray(np.maximum(self.line, 0))

    @property
    def monthly(self) -> Floats:
        return np.asarray(catalogue.MONTHLY[self.offer])


def _needs(
    crowd: Crowd, state: State, facts: Facts, person: NDArray[Any], line: NDArray[Any], offer: NDArray[Any]
) -> tuple[Floats, Floats]:
    """Need (0 is lukewarm) and the change of monthly cost in cents, by the offer's family."""
    family = catalogue.FAMILY[offer]
    need, cost = np.zeros(len(person)), catalogue.MONTHLY[offer]
    steps = (
        (catalogue.F_MOBILE, _mobile), (catalogue.F_BUNDLE, _bundle), (catalogue.F_BROADBAND, _broadband),
        (catalogue.F_TV, _tv), (catalogue.F_VOICE, _voice), (catalogue.F_ROAMING, _roaming),
        (catalogue.F_DEVICE, _device), (catalogue.F_ADD_ON, _add_on), (catalogue.F_RETENTION, _retention),
    )  # fmt: skip
    for number, step in steps:
        rows = np.flatnonzero(family == number)
        if len(rows):
            asked = _Ask(
                crowd=crowd, state=state, facts=facts, person=person[rows], home=crowd.home[person[rows]],
                line=line[rows], offer=offer[rows],
            )  # fmt: skip
            need[rows], cost[rows] = step(asked)
    return need, cost


def _mobile(ask: _Ask) -> tuple[Floats, Floats]:
    crowd, state, facts, at = ask.crowd, ask.state, ask.facts, ask.at
    has, pooled, gb = ask.line >= 0, state.pool[at] >= 0, state.gb[at]
    allowed = np.nan_to_num(state.allowed[at], nan=3.0, posinf=100.0)
    over_new = catalogue.PER_GB[ask.offer] * np.maximum(gb - catalogue.GB[ask.offer], 0)
    room = np.log((np.minimum(catalogue.GB[ask.offer], 100) + 1) / (np.minimum(allowed, 100) + 1))
    need = (
        1.2 * np.clip((facts.overage[at] - over_new) / 500, -2, 2.5)
        + np.clip(room, -1.5, 1.5) * (0.4 + 0.4 * crowd.data[ask.person])
        - 0.6 * pooled
        - 0.3 * (crowd.line_kind[at] == PREPAID)
    )
    need = np.where(state.offer[at] == ask.offer, NOTHING_NEW, need)
    cost = ask.monthly + over_new - np.where(pooled, 1400.0, facts.cost[at])
    second = 0.3 * crowd.talk[ask.person] - 1.2
    return np.where(has, need, second), np.where(has, cost, ask.monthly)


def _bundle(ask: _Ask) -> tuple[Floats, Floats]:
    facts, home, lines = ask.facts, ask.home, catalogue.LINES[ask.offer]
    with_fibre = catalogue.FIBRE[ask.offer]
    television = np.where(facts.tv[home], 0.2, 0.4 * ask.crowd.television[ask.person])
    need = 0.3 - 1.0 * (facts.mobiles[home] < lines) - 0.4 * (facts.mobiles[home] > lines)
    need = need + with_fibre * (0.7 * ~facts.fibre[home] + television)
    need = np.where(facts.bundled[home] | (with_fibre & ~ask.crowd.fibre[home]), NOTHING_NEW, need)
    return need, ask.monthly - np.where(with_fibre, facts.bill[home], facts.mobile_cost[home])


def _broadband(ask: _Ask) -> tuple[Floats, Floats]:
    crowd, facts, home = ask.crowd, ask.facts, ask.home
    taste, fibre = 0.4 * crowd.data[ask.person], catalogue.FIBRE[ask.offer]
    need = np.where(facts.broadband[home], 1.1, 0.5) + taste
    need = np.where(facts.fibre[home], np.where(ask.monthly > 4000, taste - 0.6, NOTHING_NEW), need)
    impossible = (fibre & ~crowd.fibre[home]) | (~fibre & facts.broadband[home])
    return np.where(impossible, NOTHING_NEW, need), ask.monthly - np.where(facts.broadband[home], 3200.0, 0.0)


def _tv(ask: _Ask) -> tuple[Floats, Floats]:
    need = 0.2 + 0.9 * ask.crowd.television[ask.person] - 2.0 * ~ask.facts.broadband[ask.home]
    more = np.where(ask.monthly > 1500, need - 0.8, NOTHING_NEW)
    return np.where(ask.facts.tv[ask.home], more, need), ask.monthly


def _voice(ask: _Ask) -> tuple[Floats, Floats]:
    need = 0.4 * ask.crowd.talk[ask.person] + 0.02 * (ask.crowd.age[ask.person] - 55) - 0.4
    return np.where(ask.facts.voice[ask.home], NOTHING_NEW, need), ask.monthly


def _roaming(ask: _Ask) -> tuple[Floats, Floats]:
    return 1.1 * ask.crowd.travel[ask.person] - 0.2 - 2.0 * (ask.line < 0), np.zeros(len(ask.person))


def _device(ask: _Ask) -> tuple[Floats, Floats]:
    old = np.clip((ask.state.device_months[ask.at] - 24) / 14, -2, 1.8)
    return old + 0.7 * ask.crowd.gadgets[ask.person] - 2.0 * (ask.line < 0), ask.monthly


def _add_on(ask: _Ask) -> tuple[Floats, Floats]:
    need = (
        0.4 * ask.crowd.gadgets[ask.person]
        - ask.state.device_months[ask.at] / 18
        + 0.3
        - 2.0 * (ask.line < 0)
    )
    return np.where(ask.state.add_on_cents[ask.at] > 0, NOTHING_NEW, need), ask.monthly


def _retention(ask: _Ask) -> tuple[Floats, Floats]:
    left = ask.state.bound_until[ask.at] - ask.state.month
    need = np.where(left > 3, -0.8, 0.9) + 0.5 * ask.crowd.price[ask.home] - 1.5 * (ask.line < 0)
    return np.where(ask.state.discount[ask.at] > 0, NOTHING_NEW, need), -0.15 * ask.facts.cost[ask.at]
