"""What do they answer, when, and what does being asked do to them? One answer a contact, and the state after it.

Contacts of homes that share nobody are answered together; those that touch one home come one after the other, in time.
So a list answered at once and its rows answered one by one end in the same state. Before: family; after: month.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Floats, Index, Ints, Small
from hogar.twin.chance import uniform
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.reactions import offers as catalogue
from hogar.twin.reactions.contacts import (
    ACCEPTED,
    DECLINED,
    IGNORED,
    MARKETING,
    NOT_MINE,
    OPTED_OUT,
    WILL_ASK,
    Answers,
    Contacts,
)
from hogar.twin.reactions.crowd import NEVER_BOUND, Crowd
from hogar.twin.reactions.facts import Facts
from hogar.twin.reactions.family import Talk, talk
from hogar.twin.reactions.reach import CALL, DAY, INBOUND, MAIL, pressure, reach
from hogar.twin.reactions.state import State
from hogar.twin.reactions.wishes import interested, wish

HEART_ANNOYED = np.array([0.6, 1.0, 1.8])
USUAL_MINUTES = np.array([4, 4, 2, 3, 90, 600, 45, 5760, 2], dtype=np.float64)  # until an answer, by channel
WEEKS_2 = 14 * DAY


def answer(
    crowd: Crowd, state: State, facts: Facts, contacts: Contacts, params: Reactions, seed: int
) -> Answers:
    """Every contact's answer; `state` is changed to what it is after them."""
    order = np.lexsort((contacts.offer, contacts.person, contacts.at))
    user = _user(crowd, contacts)
    turn = _turns(crowd.home[contacts.person][order], crowd.home[user][order])
    empty = Answers.empty(len(order))
    by_turn = order[np.argsort(turn, kind="stable")]
    edges = np.r_[0, np.cumsum(np.bincount(turn))] if len(order) else np.zeros(1, dtype=np.int64)
    for start, stop in pairwise(edges):
        rows = by_turn[start:stop]
        part = _answer_together(crowd, state, facts, contacts.rows(rows), user[rows], params, seed)
        for field in fields(Answers):
            getattr(empty, field.name)[rows] = getattr(part, field.name)
    return empty


def _answer_together(
    crowd: Crowd,
    state: State,
    facts: Facts,
    asked: Contacts,
    user: NDArray[Any],
    params: Reactions,
    seed: int,
) -> Answers:
    """Answers of contacts of which no two touch the same home."""
    person, offer, month = asked.person, asked.offer, state.month
    day = asked.at // DAY
    family, sells = catalogue.FAMILY[offer], asked.offer != catalogue.SERVICE
    marketing = (asked.message_class == MARKETING) & sells
    chance = reach(crowd, state, person, asked.channel, asked.at, params)
    outbound = asked.channel >= INBOUND
    chance = np.where(state.opted_out[person] & marketing & outbound, 0.0, chance)
    reached = uniform(seed, "reach", person, asked.channel, day) < chance
    line = np.where(asked.line >= 0, asked.line, facts.line[user])
    wished = wish(crowd, state, facts, user, line, offer, asked.price_cents, params)
    draws = uniform(seed, "interest", user, offer, month)
    luck = wished.keenness - np.log(-np.log1p(-np.clip(draws, 1e-12, 1 - 1e-12)))
    said = talk(crowd, state, person, user, offer, reached, wished, luck, params, seed)
    agreed, asks, later, speaker = _others_decide(crowd, said, line, person, user, luck, offer, month, seed)
    agreed, asks, later = agreed & sells, asks & sells, later & sells
    knows, keen = said.user_knows & sells, said.user_knows & (luck > 0) & sells

    outcome = np.full(len(person), IGNORED, dtype=np.int8)
    speaks = np.where(outbound & (asked.channel != CALL), 0.22, 0.85)  # who says no at all
    says = uniform(seed, "says", person, offer, day)
    outcome[reached & sells & ~knows & (says < speaks)] = NOT_MINE
    outcome[knows & ~keen & (says < speaks)] = DECLINED
    outcome[keen & ~agreed & ~asks] = DECLINED
    outcome[asks] = WILL_ASK
    outcome[agreed] = ACCEPTED
    weighs = pressure(state, person, asked.at, params)
    annoyance = _annoy(crowd, state, person, outcome, reached, marketing, weighs, params)
    quits = (
        uniform(seed, "opt-out", person, offer, day)
        < params.opt_out * annoyance * HEART_ANNOYED[crowd.heart[person]]
    )
    quits &= marketing & outbound & reached & (outcome != ACCEPTED) & (outcome != WILL_ASK)
    quits &= ~state.opted_out[person]
    outcome[quits] = OPTED_OUT
    by = np.where(agreed, speaker, person).astype(np.int32)
    by[outcome == IGNORED] = -1
    _remember(crowd, state, asked, user, line, family, outcome, reached, knows, said, weighs, by, later)
    state.cost_cents += _cost(asked.channel, params)
    return Answers(
        outcome=outcome, by=by, user=user.astype(np.int32), reach=chance, reached=reached,
        delay=_delay(asked.channel, said, outcome, uniform(seed, "delay", person, offer, day)),
        interest=interested(wished.keenness), passed_on=said.passed_on,
    )  # fmt: skip


def _others_decide(
    crowd: Crowd, said: Talk, line: NDArray[Any], person: NDArray[Any], user: NDArray[Any], luck: Floats,
    offer: NDArray[Any], month: int, seed: int,
) -> tuple[Flags, Flags, Flags, Ints]:  # fmt: skip
    """Lines that a company or somebody elsewhere pays: the home's bargain is nothing without them."""
    decider = np.where(line >= 0, crowd.decider[np.maximum(line, 0)], -1)
    personal = np.isin(
        catalogue.FAMILY[offer], (catalogue.F_MOBILE, catalogue.F_RETENTION, catalogue.F_DEVICE)
    )
    foreign = (decider >= 0) & (decider != user) & personal
    keen = said.user_knows & (luck > 0)
    told = (person == decider) | (uniform(seed, "decider", user, offer, month) < 0.4)
    agreed = np.where(foreign, keen & told & (luck > 0.6), said.agreed)
    asks = np.where(foreign, keen & ~told, said.asks)
    later = np.where(foreign, asks & (luck > 1.2), said.later)
    return agreed, asks, later, np.where(foreign, decider, said.answers).astype(np.int32)


def _annoy(
    crowd: Crowd, state: State, person: NDArray[Any], outcome: Small, reached: Flags, marketing: Flags,
    weighs: Floats, params: Reactions,
) -> Floats:  # fmt: skip
    """What the message leaves behind; the annoyance after it."""
    wanted = np.array([-0.5, 1.0, 1.0, 1.3, 0.2, 1.0])[outcome] * np.where(reached, 1.0, 0.15)
    sting = params.annoyance * np.exp(0.5 * crowd.irritable[person]) * HEART_ANNOYED[crowd.heart[person]]
    step = sting * np.where(marketing, wanted * (1 + weighs / params.fatigue_half), -0.1 * reached)
    state.annoyance[person] = np.maximum(state.annoyance[person] + step, 0.0)
    return np.asarray(state.annoyance[person])


def _remember(
    crowd: Crowd, state: State, asked: Contacts, user: NDArray[Any], line: NDArray[Any], family: NDArray[Any],
    outcome: Small, reached: Flags, knows: Flags, said: Talk, weighs: Floats, by: Ints, later: Flags,
) -> None:  # fmt: skip
    """Write down who heard what, who took what, and which leaver was woken."""
    person, home = asked.person, crowd.home[user]
    state.pressure[person] = weighs + 1.0
    state.heard_at[person] = np.maximum(state.heard_at[person], asked.at)
    state.contacts[person] += 1
    state.sent += len(person)
    state.opted_out[person] |= outcome == OPTED_OUT
    state.opt_outs += int((outcome == OPTED_OUT).sum())
    state.talked[home] += said.passed_on
    state.heard[user, family] += knows
    taken = (outcome == ACCEPTED) | (outcome == WILL_ASK)
    state.took[user, family] |= taken
    state.home_took[home, family] |= taken & catalogue.OF_HOME[family]
    state.refusals[home, family] += (outcome == DECLINED) | (said.vetoed & ~taken)
    rows = np.flatnonzero((outcome == ACCEPTED) | ((outcome == WILL_ASK) & later))
    news = (user[rows], line[rows], asked.offer[rows], by[rows], outcome[rows] == WILL_ASK)
    state.agreed = np.vstack([state.agreed, np.column_stack(news).astype(np.int64)])
    bound = state.bound_until[np.maximum(line, 0)]
    reminded = (line >= 0) & reached & (asked.message_class == MARKETING) & (outcome != ACCEPTED)
    reminded &= (bound != NEVER_BOUND) & (bound - state.month <= 2)
    sleeps = line[reminded]
    state.woken[sleeps] = np.minimum(state.woken[sleeps] + 0.5 + 0.5 * crowd.unseen[sleeps], 2.0)


def _delay(channel: NDArray[Any], said: Talk, outcome: Small, draws: Floats) -> Index:
    """Seconds until the answer, longer the more people talk about it; two weeks at most."""
    draws = np.clip(draws, 1e-9, 1 - 1e-9)
    usual = USUAL_MINUTES[channel] * 60 + 4 * 3600 * np.maximum(said.members - 1, 0) * (outcome == ACCEPTED)
    late = usual * np.exp(0.65 * np.log(draws / (1 - draws)))
    return np.where(outcome == IGNORED, 0, np.minimum(late, WEEKS_2)).astype(np.int64)


def _cost(channel: NDArray[Any], params: Reactions) -> float:
    cents = np.where(channel == CALL, params.call_cents, params.message_cents)
    return float(
        np.where(channel == MAIL, params.letter_cents, np.where(channel < INBOUND, 0.0, cents)).sum()
    )


def _user(crowd: Crowd, contacts: Contacts) -> NDArray[Any]:
    """Whom it is about: the line's user, else who is spoken to."""
    user = np.where(contacts.line >= 0, crowd.user[np.maximum(contacts.line, 0)], -1)
    return np.where(user >= 0, user, contacts.person)


def _turns(one: NDArray[Any], other: NDArray[Any]) -> Index:
    """When each contact has its turn: right after the latest earlier one that touched either of its two homes."""
    count = len(one)
    home, place = np.concatenate([one, other]), np.tile(np.arange(count), 2)
    order = np.lexsort((place, home))
    before = np.full(2 * count, -1)
    # A contact may touch one home twice; what came before is then an earlier contact, not itself.
    same = home[order][1:] == home[order][:-1]
    before[order[1:][same]] = place[order[:-1][same]]
    both = before.reshape(2, count)
    before = np.where(both == np.arange(count), both[::-1], both)
    turn = np.zeros(count, dtype=np.int64)
    while True:
        later = np.where(before >= 0, turn[before] + 1, 0).max(axis=0, initial=0)
        if (later == turn).all():
            return turn
        turn = later
