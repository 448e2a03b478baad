"""The same decision, written the plain way: one household, one candidate, one route after the other.

An independent reading of `docs/stages/`: loops and dictionaries, no arrays, nothing of `hogar.decide`. It takes
published profiles and gives proposals and reasons by name. Conditions are asked with `hogar.expr.row`, whose own
tests hold it equal to DuckDB.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np

from hogar import expr
from hogar.decide import ContactFact, Request
from hogar.strategy.season import Season
from hogar.strategy.types import Action, ChannelPolicy, Strategy
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS
from hogar.telco.profile import HouseholdProfile, OfferFact, ProfileSchema
from hogar.telco.roles import ROLES


@dataclass(frozen=True)
class Route:
    """One recipient and channel of one candidate with its score; ordered as selection prefers."""

    score: int
    action_place: int
    subject_place: int
    person: int
    channel: str
    action: Action
    subject: str
    language: str
    role: str
    chain_micro: int
    probability_micro: int
    value_cents: int
    cost_cents: int

    @property
    def preference(self) -> tuple[int, int, int, int, str]:
        return (-self.score, self.action_place, self.subject_place, self.person, self.channel)


@dataclass
class Plain:
    """One household decided plainly. `reasons` by (action, subject); a condition's: its number, whether unknown."""

    strategy: Strategy
    schema: ProfileSchema
    home: HouseholdProfile
    contacts: Sequence[ContactFact]
    mode: str
    minute: int
    weekday: int
    request: Request
    audience: Sequence[int] | None
    now: datetime
    reasons: dict[tuple[str, str], Any] = field(default_factory=dict)
    chosen: list[Route] = field(default_factory=list)

    def decide(self) -> Plain:
        """Fill `reasons` and `chosen`."""
        routes: list[Route] = []
        for place, action in enumerate(self.strategy.actions):
            for number, subject in enumerate(self.subjects(action)):
                found = self.candidate(place, action, number)
                if isinstance(found, list):
                    routes += found
                    self.reasons[action.key, subject] = "outranked"
                else:
                    self.reasons[action.key, subject] = found
        self.select(routes)
        return self

    def subjects(self, action: Action) -> list[str]:
        things = {"household": [self.home], "person": self.home.members, "line": self.home.lines}[
            action.scope
        ]
        return [thing.id for thing in things]

    def select(self, routes: list[Route]) -> None:
        """Everybody's own list, then the best head of all lists again and again; each action once.

        What others took makes one silent and never brings something else: so nobody learns of the others. Where
        nothing that is asked for rests on anybody's data there is no secret, and the next best is taken.
        """
        limit = self.request.proposals_max
        limit = self.strategy.policies.proposals_max[self.mode] if limit is None else limit
        secret = any(
            action.needs - {"nobody"} for action in self.strategy.actions if not self.unasked(action)
        )
        lists: dict[int, list[Route]] = {}
        for route in sorted(routes, key=lambda route: route.preference):
            lists.setdefault(route.person if secret else -1, []).append(route)
        while len(self.chosen) < limit:
            heads = [head for person in lists if (head := self.head(person, lists[person]))]
            if not heads:
                break
            best = min(heads, key=lambda route: route.preference)
            if self.closed(best, self.chosen):
                lists[best.person] = []
                continue
            self.chosen.append(best)
            self.reasons[best.action.key, best.subject] = "proposed"

    def head(self, person: int, routes: list[Route]) -> Route | None:
        """The best route of a list that this person's own choices leave open (everybody's, where person is -1)."""
        own = [route for route in self.chosen if person in (-1, route.person)]
        return next((route for route in routes if not self.closed(route, own)), None)

    def closed(self, route: Route, chosen: Sequence[Route]) -> bool:
        """Whether these choices take a route's action or the room that a contact rule leaves it."""
        if any(route.action.key == other.action.key for other in chosen):
            return True
        return self.full(route.action, route.channel, route.person, chosen) is not None

    def full(self, action: Action, channel: str, person: int, chosen: Sequence[Route] = ()) -> str | None:
        """The name of a contact rule without room for this route, past and chosen contacts counted; else None."""
        for rule in self.strategy.policies.contact_rules:
            impresses = channel in INBOUND_CHANNELS
            if action.message_class not in rule.message_classes or channel not in rule.channels:
                continue
            if (rule.kind == "impression") != impresses:
                continue
            past = sum(
                fact.kind == rule.kind
                and fact.days_ago < rule.days
                and fact.channel in rule.channels
                and fact.message_class in rule.message_classes
                and (rule.per == "household" or fact.person == person)
                for fact in self.contacts
            )
            now = sum(
                route.action.message_class in rule.message_classes
                and route.channel in rule.channels
                and (rule.kind == "impression") == (route.channel in INBOUND_CHANNELS)
                and (rule.per == "household" or route.person == person)
                for route in chosen
            )
            if past + now >= rule.max:
                return rule.name
        return None

    def unasked(self, action: Action) -> str | None:
        """Why an action is not on the table for anybody, if it is not."""
        request = self.request
        if self.mode not in action.modes or (
            request.actions is not None and action.key not in request.actions
        ):
            return "not_asked"
        policies = self.strategy.policies
        spoken = {treatment.channel for treatment in action.treatments} & set(request.channels)
        if spoken and spoken <= set(request.stopped_channels):
            return "stopped"
        if action.key in (*policies.suppressed_actions, *request.stopped_actions):
            return "stopped"
        if not self.in_season(action.season):
            return "not_in_season"
        if action.message_class != "legal":
            for each in policies.suppressions:
                named = (
                    action.key in each.actions
                    or action.offering in each.offerings
                    or action.purpose in each.purposes
                )
                if each.for_all and named and self.in_season(each.season):
                    return "suppressed"
        return None

    def today(self) -> date:
        """The local day: of the moment's own and its neighbours the one on the local weekday."""
        for ahead in (0, 1, -1):
            day = self.now.date() + timedelta(days=ahead)
            if day.weekday() == self.weekday:
                return day
        return self.now.date()

    def in_season(self, season: Season) -> bool:
        """Whether today is one of the days, found by writing today and the ends down."""
        written = "%m-%d" if season.every_year else "%Y-%m-%d"
        today = self.today().strftime(written)
        first = "" if season.first is None else season.first.strftime(written)
        last = "9" if season.last is None else season.last.strftime(written)
        if season.every_year and first > last:
            return today >= first or today <= last
        return first <= today <= last

    def held_back(self, action: Action, channel: str) -> tuple[int, str] | None:
        """The calendar's entry of today or the full capacity that closes a channel for an action, with its rank."""
        policies = self.strategy.policies
        for number, entry in enumerate(policies.calendar):
            about = not (entry.purposes or entry.actions)
            about |= action.purpose in entry.purposes or action.key in entry.actions
            if (
                about
                and channel in entry.channels
                and action.message_class in entry.message_classes
                and self.in_season(entry.season)
            ):
                return 200 + number, "calendar"
        for number, capacity in enumerate(policies.capacities):
            if (
                capacity.name in self.request.full_capacities
                and channel in capacity.channels
                and action.message_class != "legal"
                and (not capacity.actions or action.key in capacity.actions)
            ):
                return 300 + number, "capacity"
        return None

    def candidate(self, place: int, action: Action, number: int) -> Any:
        """The open routes of one candidate, or why there is none."""
        policies = self.strategy.policies
        if unasked := self.unasked(action):
            return unasked
        if action.message_class == "marketing" and self.control():
            return "control_group"
        if self.outside(action, number):
            return "not_in_audience"
        values = self.values(action, number)
        for position, condition in enumerate(action.conditions):
            truth = ask(condition.expression, values)
            if truth is not True:
                return (position, truth is None)
        open_routes = self.routes(action, number)
        if isinstance(open_routes, str):
            return open_routes
        interest = ask(action.interest, values)
        if interest is None:
            return "interest_unknown"
        interest_micro = round(min(max(interest, 0.0), 1.0) * 1_000_000)
        worth = ask(action.value, values)
        if worth is None:
            return "value_unknown"
        value_cents = round(worth * 100)
        scored = []
        for person, channel in open_routes:
            chain, policy = self.chain(action, person), policies.channels[channel]
            probability = round(interest_micro * chain * policy.reach)
            cost = action.cost_cents + policy.cost_cents
            weight: float = action.weight_permille
            for timed in action.timed:
                weight *= timed.weight if self.in_season(timed.season) else 1
            score = probability * value_cents * round(weight) // 1000 - cost * 1_000_000
            if score > 0:
                scored.append(
                    Route(
                        score, place, number, person, channel, action, self.subjects(action)[number],
                        *self.spoken(action, person, channel), round(chain * 1_000_000), probability, value_cents, cost,
                    )
                )  # fmt: skip
        return scored or "no_gain"

    def spoken(self, action: Action, person: int, channel: str) -> tuple[str, str]:
        """Language and role of the words: the recipient's own where they are written, else the first and the plain."""
        member = self.home.members[person]
        written = [(each.language, each.role) for each in action.treatments if each.channel == channel]
        language = member.language if member.language in dict(written) else written[0][0]
        best, surest = "", 0.5
        for role, hold in zip(ROLES, member.roles, strict=True):
            if (language, role) not in written or hold < 0.5:
                continue
            if best == "" or (role != "consumer" and hold > surest):
                best, surest = role, hold
        return language, best

    def outside(self, action: Action, number: int) -> bool:
        """Whether a campaign's audience leaves the subject out; a household is in it with any member."""
        if self.audience is None or action.scope == "household":
            return False
        return self.who(action, number)[0] not in self.audience

    def control(self) -> bool:
        policies = self.strategy.policies
        draw = blake2b(self.home.anchor.encode(), digest_size=8, key=policies.control_salt.encode()).digest()
        return int.from_bytes(draw, "big") % 1000 < policies.control_permille

    def routes(self, action: Action, number: int) -> list[tuple[int, str]] | str:
        """(recipient, channel) pairs through which this may be said, or the reason of the pair that got furthest."""
        asked = [
            name
            for name in sorted(self.strategy.policies.channels)
            if name in self.request.channels and name not in self.request.stopped_channels
        ]
        spoken = {treatment.channel for treatment in action.treatments}
        if not spoken & set(asked):
            return "no_treatment"
        own, payer = self.who(action, number)
        if "person" in action.needs and own >= 0 and self.home.members[own].minor is True:
            return "minor"
        found, fallen = [], []
        for person, member in enumerate(self.home.members):
            if member.minor is True or self.request.recipient not in (None, member.id):
                continue
            for channel in asked:
                why = (
                    self.barrier(action, own, payer, person, channel)
                    if channel in spoken
                    else (0, "no_treatment")
                )
                if why is None:
                    found.append((person, channel))
                else:
                    fallen.append(why)
        return found or max(fallen, default=(0, "no_recipient"))[1]

    def barrier(
        self, action: Action, own: int, payer: int, person: int, channel: str
    ) -> tuple[int, str] | None:
        """The first test that a route fails, with its rank; None where it is open."""
        member, policies = self.home.members[person], self.strategy.policies
        others = sum(
            m.minor is False and not m.objects for n, m in enumerate(self.home.members) if n != person
        )
        outbound, marketing = channel not in INBOUND_CHANNELS, action.message_class == "marketing"
        wait = waiting(policies.channels[channel], self.minute, self.weekday)
        leaks = (
            ("person" in action.needs and person != own)
            or ("payer" in action.needs and person != payer)
            or ("aggregate" in action.needs and others < 3)
            or (self.request.heard_by is not None and member.id not in self.request.heard_by)
        )
        tests = [
            ("leak_guard", leaks),
            ("age_unknown", member.minor is None and bool(action.needs & {"person", "aggregate"})),
            ("wrong_recipient", member.membership < policies.membership_min and person != own),
            ("objection", marketing and member.objects),
            ("no_consent", marketing and outbound and not member.marketing >> CHANNELS.index(channel) & 1),
            ("quiet_hours", marketing and outbound and wait > self.request.wait_minutes_max),
        ]
        for rank, (name, fails) in enumerate(tests, start=1):
            if fails:
                return rank, name
        rule = self.full(action, channel, person)
        if rule is None:
            return self.held_back(action, channel)
        return 100 + [each.name for each in policies.contact_rules].index(rule), rule

    def who(self, action: Action, number: int) -> tuple[int, int]:
        """(whose private data the candidate may rest on, its sole payer), -1 for nobody."""
        if action.scope == "household":
            return (0 if len(self.home.members) == 1 else -1), self.home.payer
        if action.scope == "person":
            return number, self.home.members[number].payer
        return self.home.lines[number].user, self.home.lines[number].payer

    def chain(self, action: Action, person: int) -> float:
        """P(everybody who must agree says yes | this person hears of it)."""
        priors, through = self.strategy.roles, 1.0
        for role in sorted(action.roles_needed, key=ROLES.index):
            column = ROLES.index(role)
            members = self.home.members
            hold, here = members[person].roles[column], max(members[person].membership, 0.0)
            other = max(
                (m.roles[column] * max(m.membership, 0.0) for n, m in enumerate(members) if n != person),
                default=0.0,
            )
            other *= here
            if role in ("ict_agent", "salesperson") and any(at == person for at, _ in self.home.advisers):
                other = max(other, priors.adviser)
            through *= priors.yes[role] * (hold + (1.0 - hold) * priors.pass_on * other)
        return through

    def values(self, action: Action, number: int) -> dict[str, Any]:
        """Everything that the action's expressions may name, as Python has it; None for unknown."""
        known = named(self.schema, "household", self.home)
        offered: Any = self.home
        if action.scope == "person":
            offered = self.home.members[number]
            known |= named(self.schema, "person", offered)
        if action.scope == "line":
            offered = self.home.lines[number]
            known |= named(self.schema, "line", offered)
            if offered.user >= 0:
                known |= named(self.schema, "person", self.home.members[offered.user])
        if action.offering is not None:
            known |= facts_of(self.schema, offered.offers, action.offering)
        known |= {f"event.{name}": value for name, value in self.request.event.items()}
        known |= {f"context.{name}": value for name, value in self.request.context.items()}
        known["context.today"] = (self.today() - date(1970, 1, 1)).days
        if len(self.request.channels) == 1:
            known.setdefault("context.channel", self.request.channels[0])
        return known


def ask(expression: expr.Expression, values: Mapping[str, Any]) -> Any:
    """An expression's value for one subject."""
    layout = {name: place for place, name in enumerate(sorted(expression.names))}
    return expr.row(expression, layout)([values.get(name) for name in layout])


def named(schema: ProfileSchema, entity: Any, profile: Any) -> dict[str, Any]:
    """A profile's published values by name, and which offers are owned."""
    found: dict[str, Any] = {}
    for column, value in zip(
        schema.columns(entity), np.frombuffer(profile.values, "<f8").tolist(), strict=True
    ):
        if math.isnan(value):
            found[column.name] = None
        elif column.type == "text":
            found[column.name] = column.dictionary[int(value)]
        elif column.type == "boolean":
            found[column.name] = value == 1.0
        else:
            found[column.name] = int(value) if column.type == "date" else value
    owned = {schema.offers[fact.offer] for fact in profile.offers if fact.owned}
    return found | {f"{entity}.has_offer('{name}')": name in owned for name in schema.offers}


def facts_of(schema: ProfileSchema, offers: Sequence[OfferFact], offering: str) -> dict[str, Any]:
    """What the action's offering means to the subject, in euros."""
    fact = next((fact for fact in offers if schema.offers[fact.offer] == offering), None)
    if fact is None:
        return {"action.owned": False, "action.ordered": False}
    current, cost, monthly = (
        None if cents is None else cents / 100
        for cents in (fact.current_cents, fact.cost_cents, fact.monthly_cents)
    )
    both = fact.current_cents is not None and fact.cost_cents is not None
    return {
        "action.owned": fact.owned, "action.ordered": fact.ordered, "action.deliverable": fact.deliverable,
        "action.monthly_eur": monthly, "action.current_eur": current, "action.cost_eur": cost,
        "action.saving_eur": (fact.current_cents - fact.cost_cents) / 100 if both else None,
        "action.extra_eur": (fact.cost_cents - fact.current_cents) / 100 if both else None,
    }  # fmt: skip


def waiting(policy: ChannelPolicy, minute: int, weekday: int) -> int:
    """Minutes until the channel may speak, found by walking from minute to minute; a week where it never may."""
    for ahead in range(7 * 1440):
        day, at = divmod(minute + ahead, 1440)
        begin, end = policy.quiet_from_minute, policy.quiet_until_minute
        silent = (weekday + day) % 7 in policy.quiet_days
        if begin is not None and end is not None and begin != end:
            silent |= begin <= at < end if begin < end else at >= begin or at < end
        if not silent:
            return ahead
    return 7 * 1440
