"""Who hears of it at home, and do they agree? A proposal travels, and a bargain settles it.

The recipient may tell the user; a keen user tells the others; who convinces or advises carries it to who decides. Those
who heard weigh in by their weight and the home's mood of the month; too few who heard are no quorum; an adviser and a
persuader who agree count for more than both; who controls the money may say no alone. So a yes is no product of roles.

Reads the crowd, keenness and luck; returns one row a contact. After: wishes; before: answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Floats, Index, Ints, runs
from hogar.twin.chance import uniform
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.reactions import offers as catalogue
from hogar.twin.reactions.crowd import FLAT_SHARE, GROUP_QUARTERS, Crowd
from hogar.twin.reactions.state import State
from hogar.twin.reactions.wishes import Wish

PARTNER, TO_CHILD, TO_PARENT, FLATMATE, OTHER = 1.3, 1.15, 0.8, 0.55, 0.9  # how readily one tells the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """`agreed` now, or `later` when all have been asked; `asks`: somebody keen who has to ask first."""

    passed_on: Flags
    user_knows: Flags
    agreed: Flags
    asks: Flags
    later: Flags
    vetoed: Flags
    answers: Ints  # the adult who speaks for the home
    members: Index  # how many talked
    support: Floats


def talk(
    crowd: Crowd,
    state: State,
    person: NDArray[Any],
    user: NDArray[Any],
    offer: NDArray[Any],
    reached: Flags,
    wish: Wish,
    luck: Floats,
    params: Reactions,
    seed: int,
) -> Talk:
    """The talk about each contact. `luck` is how much better the user likes it than the interested at least do."""
    home, month = crowd.home[user], state.month
    passed_on = (person != user) & reached
    passed_on &= uniform(seed, "pass", person, user, offer, month) < _passes(
        crowd, state, person, user, params
    )
    user_knows = np.where(person == user, reached, passed_on)
    keen = user_knows & (luck > 0)
    row, member, outside = _table(crowd, home, user, offer)
    knows = _hears(crowd, state, person, user, offer, reached, user_knows, keen, row, member, params, seed)
    pleaded = keen[row] & (member != person[row])  # heard from somebody who wants it, not from us
    opinion = _opinions(crowd, state, user, offer, wish, luck, row, member, pleaded, params, seed)
    # The purse is shared with more people than the wish: stakes rise with the bill and with what it changes.
    big = np.isin(catalogue.FAMILY[offer], np.flatnonzero(catalogue.OF_HOME))
    stakes = 1 - np.exp(-6.0 * np.abs(wish.change) - 0.9 * big)
    weight = crowd.weight[member] * np.where(outside, 0.25, 1.0) + 1e-6
    controller = crowd.controller[home]
    several = np.bincount(row, crowd.age[member] >= 18, len(home)) > 1

    def verdict(heard: Flags) -> tuple[Floats, Floats, Flags]:
        total = np.bincount(row, weight, len(home))
        present = np.bincount(row, weight * heard, len(home))
        backing = np.bincount(row, weight * heard * opinion, len(home)) / np.maximum(present, 1e-9)
        backs = heard & (opinion > 0)
        advised = np.bincount(row, backs & (member == crowd.adviser[home[row]]), len(home)) > 0
        pushed = np.bincount(row, backs & (member == crowd.persuader[home[row]]), len(home)) > 0
        told = np.bincount(row, heard & (member == controller[row]), len(home)) > 0
        veto = told & (wish.pain > params.veto)
        allied = np.where(advised & pushed, params.coalition, -0.5 * params.coalition) * several
        return backing + allied * stakes, present / total, veto

    threshold = 0.10 + 0.10 * np.clip(crowd.inertia[home], -2, 2) * stakes
    support, present, vetoed = verdict(knows)
    informed = np.bincount(row, knows & (member == controller[row]), len(home)) > 0
    willing = keen & (support > threshold)
    quorum = (present >= params.quorum * stakes) & (informed | (stakes < 0.25) | ~several)
    full, _, vetoed_later = verdict(np.ones(len(row), dtype=bool))
    agreed = willing & quorum & ~vetoed
    asks = willing & ~quorum & ~vetoed
    return Talk(
        passed_on=passed_on, user_knows=user_knows, agreed=agreed, asks=asks,
        later=asks & (full > threshold) & ~vetoed_later, vetoed=vetoed & keen,
        answers=_speaker(crowd, person, user, stakes), members=np.bincount(row, knows, len(home)).astype(np.int64),
        support=support,
    )  # fmt: skip


def _passes(
    crowd: Crowd, state: State, person: NDArray[Any], user: NDArray[Any], params: Reactions
) -> Floats:
    """The chance that the recipient tells the user: by kinship, patience, and how often such things came."""
    child = (crowd.mother[user] == person) | (crowd.father[user] == person)
    parent = (crowd.mother[person] == user) | (crowd.father[person] == user)
    flat = np.isin(crowd.kind[crowd.home[person]], (FLAT_SHARE, GROUP_QUARTERS))
    ready = np.select(
        [crowd.partner[person] == user, child, parent, flat], [PARTNER, TO_CHILD, TO_PARENT, FLATMATE], OTHER
    )
    patience = 1 / (1 + np.exp(0.8 * crowd.irritable[person])) * 2
    often = np.exp(-0.25 * state.talked[crowd.home[person]])
    return np.asarray(np.clip(params.pass_on * ready * np.minimum(patience, 1.4) * often, 0, 0.95))


def _table(
    crowd: Crowd, home: NDArray[Any], user: NDArray[Any], offer: NDArray[Any]
) -> tuple[Index, Index, Flags]:
    """Who may have a say: (contact, person, whether from outside). In flats of sharers each keeps an own purse."""
    alone = crowd.kind[home] == GROUP_QUARTERS
    alone |= (crowd.kind[home] == FLAT_SHARE) & ~catalogue.OF_HOME[catalogue.FAMILY[offer]]
    first = np.where(alone, user, crowd.first[home])
    size = np.where(alone, 1, crowd.size[home])
    row = np.repeat(np.arange(len(home)), size)
    member = runs(first, size)
    adviser = crowd.adviser[home]
    away = np.flatnonzero(~alone & (adviser >= 0) & (crowd.home[np.maximum(adviser, 0)] != home))
    outside = np.r_[np.zeros(len(row), dtype=bool), np.ones(len(away), dtype=bool)]
    return np.r_[row, away], np.r_[member, adviser[away]].astype(np.int64), outside


def _hears(
    crowd: Crowd, state: State, person: NDArray[Any], user: NDArray[Any], offer: NDArray[Any], reached: Flags,
    user_knows: Flags, keen: Flags, row: Index, member: Index, params: Reactions, seed: int,
) -> Flags:  # fmt: skip
    """Who of the table has heard of it, in the order in which it travels."""
    home = crowd.home[user]
    knows = ((member == person[row]) & reached[row]) | ((member == user[row]) & user_knows[row])
    draws = uniform(seed, "told", user[row], member, offer[row], state.month)
    ready = params.tell * np.where(keen[row], 1.0, 0.1)
    front = (member == crowd.persuader[home[row]]) | (member == crowd.adviser[home[row]])
    knows |= front & (draws < ready)
    carried = np.bincount(row, knows & front, len(home)) > 0
    return np.asarray(knows | (draws < ready + (1 - ready) * 0.3 * (carried & keen)[row]))


def _opinions(
    crowd: Crowd, state: State, user: NDArray[Any], offer: NDArray[Any], wish: Wish, luck: Floats, row: Index,
    member: Index, pleaded: Flags, params: Reactions, seed: int,
) -> Floats:  # fmt: skip
    """What each thinks: the user by own keenness; the others by price, infection, chance, and who brings it."""
    home = crowd.home[user]
    bell = _normal(uniform(seed, "mood", home, state.month))
    own = _normal(uniform(seed, "opinion", member, offer[row], state.month))
    keenness = np.tanh(luck / 1.5)
    adult = crowd.age[member] >= 18
    liking = 0.35 * keenness[row] + 0.25 * np.clip(wish.need[row], -2, 2) + 0.5 * own
    other = liking - 0.7 * adult * wish.pain[row] + np.where(pleaded, 0.35, -0.55)
    return np.asarray(np.where(member == user[row], keenness[row], np.tanh(other)) + params.mood * bell[row])


def _speaker(crowd: Crowd, person: NDArray[Any], user: NDArray[Any], stakes: Floats) -> Ints:
    """An adult always: the representative where something is signed, else the user, else who got the message."""
    representative = crowd.representative[crowd.home[user]]
    grown = np.where(crowd.age[user] >= 18, user, np.where(crowd.age[person] >= 18, person, representative))
    return np.where((stakes > 0.35) & (representative >= 0), representative, grown).astype(np.int32)


def _normal(draws: Floats) -> Floats:
    """Nearly a standard normal number (a logistic one of the same deviation)."""
    draws = np.clip(draws, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(draws / (1 - draws)) * (np.sqrt(3) / np.pi))
