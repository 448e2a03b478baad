"""Where did we meet? Visits, log-ins, orders, messages of other campaigns, and what people declared.

Reads people, contracts, parties, segments; returns columns that name persons. After: parties, leaving.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Index, Ints, Small
from hogar.twin.behaviour.declared import DECLARATIONS, declare
from hogar.twin.behaviour.visits import TOPICS, visits
from hogar.twin.calendar import moments, today
from hogar.twin.chance import between, flip, pick
from hogar.twin.contracts.lines import BROADBAND, POSTPAID, Contracts
from hogar.twin.contracts.parties import Parties
from hogar.twin.contracts.segments import Segments
from hogar.twin.contracts.tariffs import OFFERS
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.people.roles import Roles

__all__ = ["CAMPAIGNS", "CONTACT_CHANNELS", "DECLARATIONS", "MESSAGE_CLASSES", "ORDER_STATES", "OUTCOMES", "TOPICS",
           "Touches", "meet"]  # fmt: skip

ORDER_STATES = ("open", "done", "cancelled")
OPEN, DONE, CANCELLED = range(3)
CAMPAIGNS = ("spring_fibre", "tv_trial", "recharge_bonus", "winter_phone", "loyalty_survey")
CONTACT_CHANNELS = ("sms", "email", "call", "mail")
CHANNEL_WEIGHTS = (1, 2, 1, 1)
MESSAGE_CLASSES = ("marketing", "service", "legal")
CLASS_WEIGHTS = (15, 4, 1)
OUTCOMES = ("", "accepted", "declined")
ACCEPTED, DECLINED = (0.017, 0.010, 0.009, 0.017), (0.05, 0.03, 0.25, 0.02)  # by channel, of marketing
ORDERED = {
    POSTPAID: ("MOB-L", "DEV-PHONE-A", "MOB-U", "FAM-3"),
    BROADBAND: ("FIB-1000", "TV-BASIC"),
    -1: ("HOGAR-2", "FIB-1000"),
}
CALM_CONTACT_DAYS = (35, 59)  # before the extract: nobody has bothered a calm home lately
CONTACT_DAYS = (1, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """All meetings, table by table, in no order that means anything. Persons by number; `..._at` datetime64[s].

    A contact or order of a person is written under the person's best party; a declaration too.
    """

    visit_person: Ints  # by self-care account
    visit_at: NDArray[Any]
    visit_topic: Small
    login_person: Ints
    login_line: Ints
    login_times: Ints
    order_person: Ints
    order_line: Ints
    order_offer: Ints  # place in tariffs.OFFERS
    order_state: Small
    order_at: NDArray[Any]
    contact_person: Ints
    contact_channel: Small
    contact_class: Small
    contact_campaign: Small
    contact_outcome: Small
    contact_at: NDArray[Any]
    said_person: Ints
    said_kind: Small  # place in DECLARATIONS
    said_role: Small  # place in telco.roles.ROLES, -1
    said_other: Ints  # the other person, -1
    said_line: Ints  # -1
    said_at: NDArray[Any]


def meet(
    population: Population,
    contracts: Contracts,
    roles: Roles,
    parties: Parties,
    segments: Segments,
    params: Params,
    rng: np.random.Generator,
) -> Touches:
    """Everything that people did with us, or told us."""
    calm = segments.of_home[population.home] > 0
    visitor, visit_at, topic = visits(parties, segments, params, rng)
    login_person, login_line, times = _log_in(contracts, parties, rng)
    orderer, order_line, offer, state, order_at = _order(contracts, parties, calm, params, rng)
    contacted, channel, kind, campaign, outcome, contact_at = _campaigns(parties, calm, params, rng)
    said = declare(population, contracts, roles, parties, segments, params, rng)
    return Touches(
        visit_person=visitor.astype(np.int32),
        visit_at=visit_at,
        visit_topic=topic.astype(np.int8),
        login_person=login_person.astype(np.int32),
        login_line=login_line.astype(np.int32),
        login_times=times.astype(np.int32),
        order_person=orderer.astype(np.int32),
        order_line=order_line.astype(np.int32),
        order_offer=offer.astype(np.int32),
        order_state=state.astype(np.int8),
        order_at=order_at,
        contact_person=contacted.astype(np.int32),
        contact_channel=channel.astype(np.int8),
        contact_class=kind.astype(np.int8),
        contact_campaign=campaign.astype(np.int8),
        contact_outcome=outcome.astype(np.int8),
        contact_at=contact_at,
        said_person=said.person.astype(np.int32),
        said_kind=said.kind.astype(np.int8),
        said_role=said.role.astype(np.int8),
        said_other=said.other.astype(np.int32),
        said_line=said.line.astype(np.int32),
        said_at=said.at,
    )


def _log_in(contracts: Contracts, parties: Parties, rng: np.random.Generator) -> tuple[Index, Index, Index]:
    """(person, line, times in 90 days) for each living line that a self-care account manages."""
    person, line = parties.manages[:, 0], parties.manages[:, 1]
    lives = contracts.lines.living[line]
    person, line = person[lives], line[lives]
    usual = rng.poisson(7.0, len(parties.web))
    return person, line, np.maximum(usual[person] - between(rng, 0, 2, len(person)), 0)


def _order(
    contracts: Contracts, parties: Parties, calm: Flags, params: Params, rng: np.random.Generator
) -> tuple[Index, Index, Index, Index, NDArray[Any]]:
    """(holder, line, offer, state, moment): what holders of living lines asked for, and what came of it."""
    lines, place = contracts.lines, {offer.id: number for number, offer in enumerate(OFFERS)}
    known = (parties.best()[lines.holder] != "") & ~calm[lines.holder] & lines.living & (lines.company < 0)
    line = np.flatnonzero(flip(rng, params.touch.orders_90d, len(lines)) & known)
    options = np.full((3, max(map(len, ORDERED.values()))), -1)
    for row, wanted in enumerate(ORDERED.values()):
        options[row, : len(wanted)] = [place[offer] for offer in wanted]
    kind = np.select([lines.kind[line] == kind for kind in ORDERED if kind >= 0], [0, 1], 2)
    wish = options[kind]
    lasting = np.isnat(contracts.history.until)
    held = contracts.history.line[lasting].astype(np.int64) * len(OFFERS) + contracts.history.offer[lasting]
    held = np.concatenate([held, np.arange(len(lines)) * len(OFFERS) + lines.offer])
    fits = (wish >= 0) & ~np.isin(line[:, None] * len(OFFERS) + wish, held)
    chosen = np.where(fits, rng.random(wish.shape), -1.0).argmax(axis=1)
    back, draws = between(rng, 0, 89, len(line)), rng.random((2, len(line)))
    state = np.where((back < 20) & (draws[0] < 0.8), OPEN, np.where(draws[1] < 0.7, DONE, CANCELLED))
    at = moments(rng, today(params.now) - 1 - back)
    some = fits.any(axis=1)
    offer = wish[np.arange(len(line)), chosen]
    since = (today(params.now) - lines.plan_since[line]).astype(np.int64)
    brought = (state == DONE) & (since >= 3) & (since < 88)  # what was ordered is what the line has now
    state = np.where((state == DONE) & ~brought, CANCELLED, state)
    offer = np.where(brought, lines.offer[line], offer)
    at = np.where(brought, moments(rng, lines.plan_since[line] - 2), at)
    return lines.holder[line][some].astype(np.int64), line[some], offer[some], state[some], at[some]


def _campaigns(
    parties: Parties, calm: Flags, params: Params, rng: np.random.Generator
) -> tuple[Index, Index, Index, Index, Index, NDArray[Any]]:
    """(person, channel, class, campaign, outcome, moment) of the campaigns as they were run until now."""
    known = np.flatnonzero(parties.crm != "")
    person = np.repeat(known, rng.poisson(params.touch.contacts_60d, len(known)))
    count = len(person)
    low = np.where(calm[person], CALM_CONTACT_DAYS[0], CONTACT_DAYS[0])
    back = between(rng, low, CONTACT_DAYS[1], count)
    channel, kind = pick(rng, CHANNEL_WEIGHTS, count), pick(rng, CLASS_WEIGHTS, count)
    campaign, answer = between(rng, 0, len(CAMPAIGNS) - 1, count), rng.random(count)
    yes, no = np.array(ACCEPTED)[channel], np.array(DECLINED)[channel]
    outcome = np.where(answer < yes, 1, np.where(answer < yes + no, 2, 0)) * (kind == 0)
    return person, channel, kind, campaign, outcome, moments(rng, today(params.now) - back)
