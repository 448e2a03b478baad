"""What does an author's intent look like once it is read, checked and typed? Values only.

`strategy.compile` makes them from texts; `decide.bind` lays them out over one published profile version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from hogar.errors import Place
from hogar.expr import Expression
from hogar.strategy.calendar import CalendarEntry
from hogar.strategy.capacities import Capacity
from hogar.strategy.controls import Controls
from hogar.strategy.levers import TimedWeight
from hogar.strategy.season import ALWAYS, Season
from hogar.telco.catalogue import Entity, FeatureType, Whose
from hogar.telco.channels import MessageClass, Mode

# Why a condition stands: the author's three questions, and the house's own rules that every offer passes.
ConditionKind = Literal[
    "eligible", "applicable", "suitable",
    "owned", "ordered", "deliverable", "spend_band", "plan_fit", "open_complaint", "one_payer", "suppressed",
]  # fmt: skip
Per = Literal["person", "household"]
ContactKind = Literal["contact", "impression"]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One conjunct that must hold (NULL does not hold); `because` says in words what was asked."""

    kind: ConditionKind
    text: str
    expression: Expression
    place: Place
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """How an action is said in one channel and language: a checked Jinja template, and a pass-on link or not.

    `names` are the names whose values `text` and `subject` say; `strategy.say` needs them all. `role` is the family
    role that it is written for; "" is the plain one, for whoever holds no role that has its own words.
    """

    channel: str
    language: str
    text: str
    place: Place
    subject: str = ""
    pass_on: bool = False
    names: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """What may be proposed. `conditions` in the order in which they are asked; `value` in euros over a year.

    `needs` is whose data the proposal rests on (the author's conditions, interest, value and words together): it
    decides who may hear it. `weight_permille` is urgency times the levers that are always pulled, `timed` are those
    of some days. Outside its `season` it is not proposed. `interest` is a probability. `value` is already the chosen
    objective's. `reason_names` are the names whose values the reason says.
    """

    key: str
    name: str
    purpose: str
    scope: Entity
    place: Place
    offering: str | None
    conditions: tuple[Condition, ...]
    interest: Expression
    value: Expression
    cost_cents: int
    weight_permille: int
    message_class: MessageClass
    roles_needed: tuple[str, ...]
    needs: frozenset[Whose]
    treatments: tuple[Treatment, ...]
    modes: tuple[Mode, ...]
    reason: str
    reason_names: tuple[str, ...] = ()
    timed: tuple[TimedWeight, ...] = ()
    season: Season = ALWAYS

    def weight_on(self, day: date) -> int:
        """Its weight on this local day, in permille: what is always pulled, times the levers of the day."""
        weight: float = self.weight_permille
        for each in self.timed:
            if each.season.holds(day):
                weight *= each.weight
        return round(weight)


@dataclass(frozen=True, kw_only=True)
class ContactRule:
    """At most `max` contacts (or impressions) per person or household in a true rolling window of `days`."""

    name: str
    per: Per
    kind: ContactKind
    channels: tuple[str, ...]
    message_classes: tuple[MessageClass, ...]
    max: int
    days: float
    place: Place


@dataclass(frozen=True, kw_only=True)
class ChannelPolicy:
    """One channel: how likely it reaches, what a message costs, when it stays silent (local minutes)."""

    channel: str
    reach: float
    cost_cents: int
    quiet_from_minute: int | None
    quiet_until_minute: int | None
    quiet_days: tuple[int, ...]
    place: Place


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """Actions that are asleep on the days of a season: for all, or for whom `when` does not say no."""

    name: str
    actions: tuple[str, ...]
    offerings: tuple[str, ...]
    purposes: tuple[str, ...]
    season: Season
    when: Expression | None
    for_all: bool
    because: str
    place: Place

    def names(self, action: str, offering: str | None, purpose: str) -> bool:
        """Whether it names this action, by its key, offering or purpose."""
        return action in self.actions or offering in self.offerings or purpose in self.purposes


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What holds for every decision: contact rules, channels, control group, the certainty a home needs, and what
    holds us back: the calendar, suppressions, capacities.

    `languages` are those that every channel of every action is said in; the first is spoken where a
    customer's own is none of them.
    """

    contact_rules: tuple[ContactRule, ...]
    channels: Mapping[str, ChannelPolicy]
    control_permille: int
    control_salt: str
    membership_min: float
    proposals_max: Mapping[Mode, int]
    suppressed_actions: tuple[str, ...]
    sms_parts_max: int = 2
    languages: tuple[str, ...] = ("en",)
    calendar: tuple[CalendarEntry, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    capacities: tuple[Capacity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RolePriors:
    """The decision chain's fixed priors: P(yes | holds the role), P(passes it on to who holds it)."""

    yes: Mapping[str, float]
    pass_on: float
    holder_default: float
    declared: float
    adviser: float


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """An event pattern and the actions it may lead to; `expires_minutes` bounds the message's life.

    `needs` is whose data the event is: with `person` only the one it happened to may hear what it leads to, with
    `payer` only who pays the line. That it happened is data too, so an event without fields is the person's.
    """

    name: str
    event_type: str
    when: Expression | None
    actions: tuple[str, ...]
    channels: tuple[str, ...]
    expires_minutes: int
    place: Place
    needs: frozenset[Whose] = frozenset({"person"})


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """Who is looked at (`audience`: None is everybody), which actions, through which channels, how many."""

    name: str
    audience: Expression | None
    actions: tuple[str, ...]
    channels: tuple[str, ...]
    schedule: str
    capacity: int | None
    place: Place


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """All of it: immutable, named by its content hash. Actions are in the order of their keys.

    `event_fields` are the typed names under `event.*` and `context.*` that expressions may use; `whose` says
    whose data each name of the catalogue is. `controls` are what was changed at run time, and are applied already.
    """

    hash: str
    actions: tuple[Action, ...]
    policies: Policies
    roles: RolePriors
    objective: str
    triggers: tuple[Trigger, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    whose: Mapping[str, Whose] = field(default_factory=dict)
    event_fields: Mapping[str, FeatureType] = field(default_factory=dict)
    controls: Controls = field(default_factory=Controls)

    def without_control_group(self) -> Strategy:
        """The same strategy, under which every household may be spoken to."""
        return replace(self, policies=replace(self.policies, control_permille=0))
