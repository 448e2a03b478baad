"""Where did we meet? Visits, log-ins, orders, messages of other campaigns, and what people declared.

Reads people, contracts, parties, segments; returns rows that name parties. After: parties, leaving.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from hogar.twin.calendar import moment
from hogar.twin.chance import cumulative, flip, pick_index
from hogar.twin.lines import Contracts, Line
from hogar.twin.parameters import Params
from hogar.twin.parties import Parties
from hogar.twin.population import Population
from hogar.twin.roles import Roles
from hogar.twin.segments import JOINT_BAND, MISFIT, RENEWER, Segments

TOPICS = ("plans", "fibre", "tv", "roaming", "help", "bills")
TOPIC_WEIGHTS = cumulative([3, 1.5, 1.5, 0.6, 3, 4])
ORDERED = {
    "broadband": ("FIB-1000", "TV-BASIC"),
    "mobile_postpaid": ("MOB-L", "DEV-PHONE-A", "MOB-U", "FAM-3"),
    "": ("HOGAR-2", "FIB-1000"),
}
CAMPAIGNS = ("spring_fibre", "tv_trial", "recharge_bonus", "winter_phone", "loyalty_survey")


@dataclass(frozen=True, slots=True)
class Visit:
    person: int
    at: str
    topic: str


@dataclass(frozen=True, slots=True)
class Login:
    person: int
    line: int
    times: int


@dataclass(frozen=True, slots=True)
class Order:
    party: str
    line: int
    offer: str
    state: str
    at: str


@dataclass(frozen=True, slots=True)
class Contact:
    party: str
    channel: str
    message_class: str
    at: str
    campaign: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Declaration:
    party: str
    kind: str
    at: str
    role: str = ""
    other: str = ""
    line: int = -1


@dataclass(slots=True)
class Touches:
    """All meetings, in no order that means anything."""

    visits: list[Visit] = field(default_factory=list)
    logins: list[Login] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)


def meet(
    population: Population, contracts: Contracts, roles: Roles, parties: Parties, segments: Segments,
    params: Params, rng: np.random.Generator,
) -> Touches:  # fmt: skip
    """Everything that people did with us, or told us."""
    touches, today = Touches(), params.now.date()
    living = [line for line in contracts.lines if line.ended is None]
    _browse(touches, living, parties, segments, params, rng, today)
    calm = {member for home in segments.of_home for member in population.homes[home].members}
    _order(touches, living, parties, calm, params, rng, today)
    _campaigns(touches, parties, calm, params, rng, today)
    _declare(touches, population, contracts, roles, parties, segments, params, rng, today)
    return touches


def _browse(
    touches: Touches, living: list[Line], parties: Parties, segments: Segments, params: Params,
    rng: np.random.Generator, today: date,
) -> None:  # fmt: skip
    of_user: dict[int, list[int]] = {}
    of_payer: dict[int, list[int]] = {}
    for line in living:
        of_user.setdefault(line.user, []).append(line.number)
        of_payer.setdefault(line.payer, []).append(line.number)
    looks_at = {person: segments.of_home[home] for home, person in segments.focus.items()}
    for person in parties.web:
        topics = []
        for _ in range(int(rng.poisson(params.touch.visits_30d))):
            views = flip(rng, params.touch.device_views)
            topics.append(("devices" if views else TOPICS[pick_index(rng, TOPIC_WEIGHTS)], 30))
        if looks_at.get(person) == RENEWER:
            topics += [("devices", 12)] * (3 + int(rng.random() * 3))
        elif looks_at.get(person) == MISFIT:
            topics += [("plans", 12)] * (1 + int(rng.random() * 3))
        for topic, days in topics:
            day = today - timedelta(days=1 + int(rng.random() * days))
            touches.visits.append(Visit(person, moment(rng, day), topic))
        lines = set(of_user.get(person, ()))
        if flip(rng, params.touch.selfcare_manages_all) or person in looks_at:
            lines |= set(of_payer.get(person, ()))
        times = int(rng.poisson(7))
        touches.logins += [
            Login(person, line, max(0, times - int(rng.random() * 3))) for line in sorted(lines)
        ]


def _order(
    touches: Touches, living: list[Line], parties: Parties, calm: set[int], params: Params,
    rng: np.random.Generator, today: date,
) -> None:  # fmt: skip
    for line in living:
        party = parties.crm.get(line.holder)
        if party is None or line.holder in calm or not flip(rng, params.touch.orders_90d):
            continue
        wanted = [offer for offer in ORDERED.get(line.kind, ORDERED[""]) if offer not in line.offers]
        back = int(rng.random() * 90)
        state = "open" if back < 20 and rng.random() < 0.8 else "done" if rng.random() < 0.7 else "cancelled"
        at = moment(rng, today - timedelta(days=back + 1))
        touches.orders.append(Order(party, line.number, wanted[int(rng.random() * len(wanted))], state, at))


def _campaigns(
    touches: Touches, parties: Parties, calm: set[int], params: Params, rng: np.random.Generator, today: date
) -> None:
    for person, party in parties.crm.items():
        for _ in range(int(rng.poisson(params.touch.contacts_60d))):
            draws = rng.random(5)
            back = (35 if person in calm else 1) + int(draws[0] * (25 if person in calm else 59))
            channel = ("sms", "email", "email", "call", "mail")[int(draws[1] * 5)]
            kind = "marketing" if draws[2] < 0.75 else "service" if draws[2] < 0.95 else "legal"
            outcome = "accepted" if draws[3] < 0.03 else "declined" if draws[3] < 0.12 else ""
            campaign = CAMPAIGNS[int(draws[4] * len(CAMPAIGNS))]
            at = moment(rng, today - timedelta(days=back))
            touches.contacts.append(Contact(party, channel, kind, at, campaign, outcome))


def _declare(
    touches: Touches, population: Population, contracts: Contracts, roles: Roles, parties: Parties,
    segments: Segments, params: Params, rng: np.random.Generator, today: date,
) -> None:  # fmt: skip
    touch = params.touch

    def said(party: str, kind: str, **what: str | int) -> None:
        at = moment(rng, today - timedelta(days=3 + int(rng.random() * 700)))
        touches.declarations.append(Declaration(party, kind, at, **what))  # type: ignore[arg-type]

    for line in contracts.lines:  # registered users of lines that somebody else holds
        party = parties.crm.get(line.user)
        if "mobile" in line.kind and line.user != line.holder and party is not None and line.ended is None:
            said(party, "uses_line", line=line.number)
    for person in population.persons:
        party = parties.crm.get(person.number)
        if party is not None and person.adult and flip(rng, touch.declared_role):
            held = sorted(roles.of_person[person.number])
            said(party, "role", role=held[int(rng.random() * len(held))])
    for home in population.homes:
        adults = [n for n in home.members if population.persons[n].adult and parties.any_of(n)]
        if len(adults) > 1 and flip(rng, touch.declared_lives_with):
            said(parties.any_of(adults[0]) or "", "lives_with", other=parties.any_of(adults[1]) or "")
        other = population.elsewhere.get(home.number, -1)
        known = parties.any_of(other)
        speaker = segments.focus.get(home.number, adults[0] if adults else -1)
        if known is None or parties.any_of(speaker) is None:
            continue
        joint = segments.of_home.get(home.number) == JOINT_BAND
        if home.kind == "empty_nest" and (flip(rng, params.households.keeps_adviser) or joint):
            said(parties.any_of(speaker) or "", "adviser", other=known)
        elif home.kind == "separated" and flip(rng, 0.3):
            said(parties.any_of(speaker) or "", "lives_apart", other=known)
