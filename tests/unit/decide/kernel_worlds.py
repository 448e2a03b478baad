"""Random worlds for the kernel's properties: a strategy, households and a request, all from one seed.

A failing seed is a bug report: `World(seed)` makes the same world again. Actions of all three scopes, conditions of
every type over one name and over several, unknown values, minors, objections, uncertain members, contact rules with
a history, quiet hours, several payers, offers, events, seasons and what holds us back.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import kernel_homes as homes
import msgspec
import numpy as np
from hypothesis import settings

from hogar import decide
from hogar.decide import ContactFact, Kernel, Request, Situation
from hogar.errors import Place
from hogar.strategy.calendar import CalendarEntry
from hogar.strategy.capacities import Capacity
from hogar.strategy.levers import TimedWeight
from hogar.strategy.season import ALWAYS, Season
from hogar.strategy.types import Action, Condition, ContactRule, RolePriors, Strategy, Suppression
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.channels import CHANNELS, OUTBOUND_CHANNELS
from hogar.telco.profile import HouseholdProfile, LineProfile, MemberProfile
from hogar.telco.roles import ROLES

WORLD_CHANNELS = ("web", "app", "sms", "email", "call")
CONDITIONS: dict[str, tuple[str, ...]] = {
    "household": (
        "household.spend < 60",
        "household.spend between 20 and 80",
        "household.spend not between 40 and 50",
        "household.technology = 'adsl'",
        "household.technology in ('adsl', 'fibre')",
        "household.technology <> 'none'",
        "household.fibre",
        "not household.fibre",
        "household.moved < date '2025-06-01'",
        "household.moved is null or household.moved >= date '2024-01-01'",
        "coalesce(household.spend, 0) <= 70",
        "not household.has_offer('FAM-4')",
        "household.spend is not null",
        "household.spend + household.distance > 50",
        "household.distance in (1, 2, 3, 5)",
        "household.distance <> 4",
    ),
    "person": (
        "person.visits >= 1",
        "person.visits = 2",
        "person.visits * 2 < person.years",
        "person.traveller is not true",
        "person.segment in ('a', 'c')",
        "person.segment like 'b%'",
        "person.born < date '1990-01-01'",
        "person.years > 2 or household.fibre",
        "coalesce(person.segment, 'a') = 'a'",
        "not person.has_offer('TV')",
        "person.shade > 0.3",
    ),
    "line": (
        "line.data > 5",
        "not line.prepaid",
        "line.plan in ('S', 'M')",
        "line.ends between date '2026-01-01' and date '2026-12-31'",
        "line.silent < 5",
        "score.churn > 0.3",
        "line.data > person.visits",
        "line.data < household.spend and score.churn is not null",
        "line.signal <= 4",
        "not line.has_offer('TV')",
    ),
    "offer": (
        "not action.owned",
        "action.deliverable",
        "action.saving_eur > 0",
        "action.extra_eur <= 5",
        "household.spend - coalesce(action.current_eur, 0) + coalesce(action.cost_eur, action.monthly_eur) <= 90",
    ),
    "event": (
        "event.stay > 2",
        "event.country <> 'FR'",
        "coalesce(event.home, true)",
        "event.day is null or event.day > date '2026-01-01'",
        "context.reason = 'plans' or context.reason is null",
    ),
}
INTERESTS: dict[str, tuple[str, ...]] = {
    "household": ("0.4", "0.1 + household.spend / 200", "case when household.fibre then 0.6 else 0.2 end"),
    "person": ("0.05 + person.visits / 10", "0.2 + person.shade / 3", "person.visits"),
    "line": ("score.churn", "least(line.data / 20, 0.9)", "line.signal / 7"),
}
VALUES: dict[str, tuple[str, ...]] = {
    "household": ("30", "household.spend * 1.5", "household.spend - 30"),
    "person": ("10 + person.shade * 40", "12 * person.years"),
    "line": ("line.data * 3.7", "50 - line.signal", "100 * score.churn"),
}
WITHIN: dict[Entity, tuple[str, ...]] = {
    "household": ("household",),
    "person": ("household", "person"),
    "line": ("household", "person", "line"),
}


def examples(few: int) -> settings:
    """How many worlds a property is held against: always the same few, or with `make properties` many new ones."""
    many = os.environ.get("HOGAR_PROPERTIES") == "many"
    return settings(max_examples=30 * few if many else few, derandomize=not many, deadline=None)


class World:
    """Everything that one seed makes. `homes_max` bounds the number of households."""

    def __init__(self, seed: int, homes_max: int = 6) -> None:
        self.seed = seed
        self.homes_max = homes_max
        self.rng = np.random.default_rng(seed)
        self.strategy = restrained(self._strategy(), seed)
        count = int(self.rng.integers(1, homes_max + 1))
        self.homes = [self._home(f"H-{number:03d}") for number in range(count)]
        self.counters = [self._contacts(home) for home in self.homes]
        self.mode = self._one("inbound", "campaign", "triggered")
        self.minute = int(self.rng.integers(0, 1440))
        self.weekday = int(self.rng.integers(0, 7))
        self.audience = [self._positions(home) for home in self.homes] if self._maybe(0.2) else None
        self.request = with_full(self._request(), self.strategy, seed)

    @cached_property
    def kernel(self) -> Kernel:
        """The strategy, bound."""
        return decide.bind(self.strategy, homes.SCHEMA)

    def situation(
        self,
        numbers: Sequence[int] | None = None,
        *,
        kernel: Kernel | None = None,
        request: Request | None = None,
    ) -> Situation:
        """The situation of all households, or of these in this order."""
        picked = range(len(self.homes)) if numbers is None else numbers
        return Situation.of(
            kernel or self.kernel, [self.homes[n] for n in picked], mode=self.mode, now=homes.NOW,
            local_minute=self.minute, local_weekday=self.weekday, request=request or self.request,
            counters=tuple(self.counters[n] for n in picked),
            audience=None if self.audience is None else [self.audience[n] for n in picked],
        )  # fmt: skip

    def decisions(self, numbers: Sequence[int] | None = None) -> list[decide.Decision]:
        """The decisions of all households, or of these in this order."""
        return list(self.kernel.decide(self.situation(numbers)))

    def _one(self, *things: Any) -> Any:
        return things[int(self.rng.integers(len(things)))]

    def _maybe(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def _some(self, things: Sequence[Any], most: int) -> list[Any]:
        count = int(self.rng.integers(0, min(most, len(things)) + 1))
        return [things[n] for n in self.rng.permutation(len(things))[:count]]

    def _strategy(self) -> Strategy:
        rules = tuple(self._rule(number) for number in range(int(self.rng.integers(0, 4))))
        return homes.strategy(
            *(self._action(number) for number in range(int(self.rng.integers(1, 13)))),
            rules=rules,
            channels=[
                homes.channel(
                    name, reach=float(self.rng.integers(1, 11)) / 10, cost_cents=self._one(0, 0, 1, 5, 250),
                    quiet_from_minute=self._one(None, None, 1260), quiet_until_minute=540,
                    quiet_days=self._one((), (), (6,)),
                )
                for name in WORLD_CHANNELS
            ],
            proposals_max=int(self.rng.integers(1, 5)),
            priors=RolePriors(
                yes={role: float(self.rng.integers(5, 11)) / 10 for role in ROLES},
                pass_on=float(self.rng.random()), holder_default=0.8, declared=0.95, adviser=self._one(0.3, 0.7),
            ),
            control_permille=self._one(0, 0, 200),
            control_salt=f"salt {self.seed}",
            suppressed_actions=("action-02",) if self._maybe(0.2) else (),
        )  # fmt: skip

    def _rule(self, number: int) -> ContactRule:
        return homes.rule(
            f"rule_{number}",
            int(self.rng.integers(1, 4)),
            self._one(1.0, 7.0, 30.0),
            per=self._one("person", "household"),
            kind=self._one("contact", "contact", "impression"),
            channels=self._one(CHANNELS, ("sms",), ("web", "app"), ("sms", "email")),
            message_classes=self._one(("marketing",), ("marketing", "service")),
        )

    def _action(self, number: int) -> Action:
        scope: Entity = self._one(*ENTITIES)
        offering = self._one(None, *homes.OFFERS)
        pool = [text for each in WITHIN[scope] for text in CONDITIONS[each]]
        pool += [*CONDITIONS["event"], *(CONDITIONS["offer"] if offering else ())]
        conditions = self._some(pool, 3)
        interest = self._one(*(text for each in WITHIN[scope] for text in INTERESTS[each]))
        value = self._one(*(text for each in WITHIN[scope] for text in VALUES[each]))
        if any(_reaches_beyond(text, scope) for text in (*conditions, interest, value)):
            conditions.insert(0, "household.payers = 1")  # as the compiler adds the house rule `one_payer`
        return homes.action(
            f"action-{number:02d}",
            *conditions,
            scope=scope,
            offering=offering,
            interest=interest,
            value=value,
            channels=self._some(WORLD_CHANNELS, 3) or ["sms"],
            roles=self._some(ROLES, 2),
            cost_cents=int(self.rng.integers(0, 60)),
            weight_permille=self._one(1000, 1000, 500, 2500),
            message_class=self._one("marketing", "marketing", "marketing", "service"),
            pass_on=self._maybe(0.3),
            spoken_to=ROLES[number % len(ROLES) :: 2],
        )

    def _number(self, most: int) -> float | None:
        """Small whole numbers, fractions, and unknown ones."""
        drawn = self.rng.random() * most
        return None if self._maybe(0.15) else round(float(drawn), int(self.rng.integers(0, 3)))

    def _date(self) -> date | None:
        return (
            None if self._maybe(0.15) else date(2024, 1, 1) + timedelta(days=int(self.rng.integers(0, 1000)))
        )

    def _offers(self) -> tuple[Any, ...]:
        return tuple(
            homes.offer(
                name, owned=self._maybe(0.2), ordered=self._maybe(0.1), deliverable=self._one(True, True, False, None),
                monthly_cents=self._one(None, 1900, 3500), current_cents=self._one(None, 0, 2500, 4000),
                cost_cents=self._one(None, 1900, 3500),
            )
            for name in homes.OFFERS
            if self._maybe(0.6)
        )  # fmt: skip

    def _home(self, id: str) -> HouseholdProfile:
        """One who pays everything, or several, each for some."""
        size = int(self.rng.integers(1, 6))
        lines = int(self.rng.integers(0, 5))
        sole = int(self.rng.integers(size)) if size == 1 or self._maybe(0.6) else -1
        return homes.home(
            id,
            *(self._member(f"P-{id}-{number}", self._payer(sole, size)) for number in range(size)),
            lines=[self._line(f"L-{id}-{number}", size, self._payer(sole, size)) for number in range(lines)],
            payer=sole,
            payers=1 if sole >= 0 else 2,
            advised=[n for n in range(size) if self._maybe(0.2)],
            offers=self._offers(),
            spend=self._number(90),
            technology=self._one("adsl", "fibre", "none", None),
            moved=self._date(),
            fibre=self._one(True, False, None),
            adults=self._number(5),
            distance=self._number(6),
        )

    def _payer(self, sole: int, size: int) -> int:
        return sole if sole >= 0 else int(self.rng.integers(-1, size))

    def _member(self, id: str, payer: int) -> MemberProfile:
        return homes.member(
            id,
            payer=payer,
            offers=self._offers(),
            membership=self._one(1.0, 1.0, 0.95, 0.6),
            minor=self._one(False, False, False, True, None),
            objects=self._maybe(0.1),
            marketing=int(self.rng.integers(0, homes.ALL_CHANNELS + 1)),
            language=self._one("es", "en", "ca"),
            roles={role: round(float(self.rng.random()), 3) for role in ROLES if self._maybe(0.8)},
            visits=self._number(4),
            traveller=self._one(True, False, None),
            segment=self._one("a", "b", "c", None),
            born=self._date(),
            years=self._number(9),
            shade=self._number(1),
        )

    def _line(self, id: str, size: int, payer: int) -> LineProfile:
        return homes.line(
            id,
            payer=payer,
            user=int(self.rng.integers(-1, size)),
            offers=self._offers(),
            data=self._number(20),
            prepaid=self._one(True, False, None),
            plan=self._one("S", "M", "L", None),
            ends=self._date(),
            silent=self._number(9),
            signal=self._number(6),
            churn=self._number(1),
        )

    def _contacts(self, home: HouseholdProfile) -> tuple[ContactFact, ...]:
        return tuple(
            homes.contact(
                int(self.rng.integers(len(home.members))), self._one(*WORLD_CHANNELS), float(self.rng.random() * 40),
                kind=self._one("contact", "impression"), message_class=self._one("marketing", "marketing", "service"),
            )
            for _ in range(int(self.rng.integers(0, 4)))
        )  # fmt: skip

    def _positions(self, home: HouseholdProfile) -> tuple[int, ...]:
        return tuple(number for number in range(len(home.members)) if self._maybe(0.7))

    def _request(self) -> Request:
        event = {"stay": 4, "country": "MA", "home": False, "day": 20_500} if self._maybe(0.6) else {}
        keys = [each.key for each in self.strategy.actions]
        return Request(
            channels=tuple(self._some(WORLD_CHANNELS, 5)) or ("sms", "web"), event=event,
            context=self._one({}, {"reason": "plans"}, {"reason": "bill"}),
            actions=tuple(keys[:8]) if self._maybe(0.2) else None,
            wait_minutes_max=self._one(0, 0, 10_000),
            heard_by=tuple(home.members[0].id for home in self.homes) if self._maybe(0.15) else None,
            stopped_channels=("email",) if self._maybe(0.1) else (),
            stopped_actions=("action-01",) if self._maybe(0.1) else (),
        )  # fmt: skip


def restrained(bound: Strategy, seed: int) -> Strategy:
    """The strategy with seasons, timed levers, a calendar, suppressions and capacities, of a chance of their own."""
    rng = np.random.default_rng([seed, 1])
    keys = [each.key for each in bound.actions]

    def some(things: Sequence[Any], share: float) -> tuple[Any, ...]:
        return tuple(thing for thing in things if rng.random() < share)

    def season() -> Season:
        ends = sorted(int(n) for n in rng.integers(-3, 4, 2))
        first, last = (homes.NOW.date() + timedelta(days=n) for n in ends)
        return (
            ALWAYS,
            Season(first=first),
            Season(first=first, last=last),
            Season(last=first, first=last, every_year=True),
        )[int(rng.integers(4))]

    place = Place(file="strategy/policies.yml", line=30)
    asleep = homes.parsed("context.today < date '2026-03-02' or not (household.spend > 50)")
    condition = Condition(kind="suppressed", text=asleep.text, expression=asleep, place=place)
    actions = [
        replace(
            each,
            conditions=(condition, *each.conditions) if rng.random() < 0.1 else each.conditions,
            purpose=("grow", "care", "retain")[int(rng.integers(3))],
            season=season() if rng.random() < 0.2 else ALWAYS,
            timed=tuple(
                TimedWeight(season=season(), weight=float(rng.integers(0, 30)) / 10)
                for _ in range(int(rng.integers(0, 3)))
            ),
        )
        for each in bound.actions
    ]
    calendar = tuple(
        CalendarEntry(
            name=f"days {n}", season=season(), channels=some(OUTBOUND_CHANNELS, 0.5),
            purposes=some(("grow", "care"), 0.4), actions=some(keys, 0.1),
            message_classes=some(("marketing", "service"), 0.7), because="-", place=place,
        )
        for n in range(int(rng.integers(0, 3)))
    )  # fmt: skip
    suppressions = tuple(
        Suppression(
            name=f"asleep {n}", actions=some(keys, 0.1), offerings=some(homes.OFFERS, 0.2),
            purposes=some(("care",), 0.2), season=season(), when=None, for_all=True, because="-", place=place,
        )
        for n in range(int(rng.integers(0, 3)))
    )  # fmt: skip
    capacities = tuple(
        Capacity(
            name=f"room {n}", channels=some(OUTBOUND_CHANNELS, 0.5), actions=some(keys, 0.4), max=5, days=1.0,
            place=place,
        )
        for n in range(int(rng.integers(0, 4)))
    )  # fmt: skip
    policies = replace(bound.policies, calendar=calendar, suppressions=suppressions, capacities=capacities)
    return replace(bound, actions=tuple(actions), policies=policies)


def with_full(request: Request, bound: Strategy, seed: int) -> Request:
    """The request on a day on which some capacities are full."""
    rng = np.random.default_rng([seed, 2])
    names = [each.name for each in bound.policies.capacities]
    return msgspec.structs.replace(
        request, full_capacities=tuple(name for name in names if rng.random() < 0.5)
    )


def _reaches_beyond(text: str, scope: Entity) -> bool:
    """Whether an expression reads what somebody pays beyond the subject itself."""
    return any(
        homes.WHOSE.get(name, "payer") == "payer" and homes.entity_of(name) != scope
        for name in homes.parsed(text).names
        if not name.startswith("action.")
    )


def widened(world: World, count: int) -> World:
    """The same world with its households repeated under other ids, so that batches grow large."""
    wider = World(world.seed, world.homes_max)
    copies = [(n, n % len(world.homes)) for n in range(count)]
    wider.homes = [_renamed(world.homes[of], f"{n:05d}") for n, of in copies]
    wider.counters = [world.counters[of] for _, of in copies]
    wider.audience = None if world.audience is None else [world.audience[of] for _, of in copies]
    return wider


def _renamed(home: HouseholdProfile, mark: str) -> HouseholdProfile:
    return msgspec.structs.replace(
        home, id=f"{mark}-{home.id}", anchor=f"{mark}-{home.anchor}",
        members=tuple(msgspec.structs.replace(each, id=f"{mark}-{each.id}") for each in home.members),
        lines=tuple(msgspec.structs.replace(each, id=f"{mark}-{each.id}") for each in home.lines),
    )  # fmt: skip
