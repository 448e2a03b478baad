"""The kernel's workload: a strategy and households of a stated shape, made from a seed.

40 features of a person (28 numbers, 6 yes/no, 6 texts of 8 values), 10 % unknown; every action is for a person,
asks `conditions` of them on different features, and holds for about 15 % of persons; interest and value are
expressions; 3 channels; every adult of the household may be addressed (the first two members, and a third of the
others); consent 70 % a channel; three contact rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from hogar import decide, expr
from hogar.decide.situation import Situation
from hogar.errors import Place
from hogar.expr import Expression
from hogar.strategy.types import (
    Action,
    ChannelPolicy,
    Condition,
    ContactRule,
    Policies,
    RolePriors,
    Strategy,
    Treatment,
)
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import ProfileColumn, ProfileSchema
from hogar.telco.roles import ROLES

FEATURES = 40
UNKNOWN_SHARE = 0.10
ELIGIBLE_SHARE = 0.15
TEXTS = tuple(f"segment-{letter}" for letter in "abcdefgh")
WORK_CHANNELS = ("email", "push", "sms")
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HERE = Place(file="benchmark")


def kind_of(feature: int) -> str:
    """The type of a feature by its number."""
    return "boolean" if feature % 20 in (5, 11, 17) else "text" if feature % 20 in (3, 9, 15) else "number"


def name_of(feature: int) -> str:
    """The full name of a feature."""
    return f"person.f{feature:02d}"


SCHEMA = {name_of(feature): kind_of(feature) for feature in range(FEATURES)}


@dataclass(frozen=True)
class Test:
    """One condition as plain data, for the peer: feature, operator, constants."""

    feature: int
    operator: str
    constants: tuple[float | str, ...]

    @property
    def sql(self) -> str:
        name = name_of(self.feature)
        if self.operator == "between":
            return f"{name} between {self.constants[0]} and {self.constants[1]}"
        if self.operator == "in":
            return f"{name} in ({', '.join(repr(value) for value in self.constants)})"
        if self.operator == "is":
            return name
        return f"{name} {self.operator} {self.constants[0]}"


@dataclass(frozen=True)
class Rule:
    """One action as plain data, for the peer."""

    tests: tuple[Test, ...]
    interest: tuple[float, float, int]
    value: tuple[float, float, int]
    roles: tuple[int, ...]
    cost_cents: int


def rules(actions: int, conditions: int, rng: np.random.Generator) -> list[Rule]:
    """Random rules that together hold for about `ELIGIBLE_SHARE` of persons each."""
    share = ELIGIBLE_SHARE ** (1 / conditions) / (1 - UNKNOWN_SHARE)
    numbers = [feature for feature in range(FEATURES) if kind_of(feature) == "number"]
    made = []
    for _ in range(actions):
        features = rng.choice(FEATURES, size=conditions, replace=False)
        tests = tuple(
            _test(int(feature), share + float(rng.uniform(-0.03, 0.03)), rng) for feature in features
        )
        made.append(
            Rule(
                tests=tests,
                interest=(
                    round(float(rng.uniform(0.01, 0.05)), 4),
                    round(float(rng.uniform(0, 0.2)), 4),
                    int(rng.choice(numbers)),
                ),
                value=(
                    round(float(rng.uniform(5, 60)), 2),
                    round(float(rng.uniform(0, 80)), 2),
                    int(rng.choice(numbers)),
                ),
                roles=((0, 5), (0, 1), (3, 5), ())[int(rng.integers(4))],
                cost_cents=int(rng.integers(0, 30)),
            )
        )
    return made


def _test(feature: int, share: float, rng: np.random.Generator) -> Test:
    kind = kind_of(feature)
    if kind == "boolean":
        return Test(feature, "is", ())
    if kind == "text":
        return Test(feature, "in", tuple(str(v) for v in rng.permutation(TEXTS)[: round(share * len(TEXTS))]))
    form = int(rng.integers(3))
    if form == 0:
        return Test(feature, "<", (round(share, 4),))
    if form == 1:
        return Test(feature, ">=", (round(1 - share, 4),))
    low = float(rng.uniform(0, 1 - share))
    return Test(feature, "between", (round(low, 4), round(low + share, 4)))


def strategy_of(made: list[Rule]) -> Strategy:
    """The rules as a compiled strategy."""

    def parsed(text: str) -> Expression:
        return expr.parse(text, HERE, SCHEMA)

    actions = tuple(
        Action(
            key=f"action-{number:04d}", name=f"action {number}", purpose="grow", scope="person", place=HERE,
            offering=None,
            conditions=tuple(
                Condition(kind="eligible", text=test.sql, expression=parsed(test.sql), place=HERE)
                for test in rule.tests
            ),
            interest=parsed(f"{rule.interest[0]} + {rule.interest[1]} * coalesce({name_of(rule.interest[2])}, 0.5)"),
            value=parsed(f"{rule.value[0]} + {rule.value[1]} * coalesce({name_of(rule.value[2])}, 0.5)"),
            cost_cents=rule.cost_cents, weight_permille=1000, message_class="marketing",
            roles_needed=tuple(ROLES[role] for role in rule.roles), needs=frozenset({"nobody"}),
            treatments=tuple(Treatment(channel=c, language="es", text="-", place=HERE) for c in WORK_CHANNELS),
            modes=("inbound", "campaign", "triggered"), reason="",
        )
        for number, rule in enumerate(made)
    )  # fmt: skip
    return Strategy(
        hash="workload", actions=actions, objective="value",
        roles=RolePriors(yes=dict.fromkeys(ROLES, 0.6), pass_on=0.4, holder_default=0.7, declared=0.95, adviser=0.5),
        policies=Policies(
            contact_rules=(
                _contact_rule("person_30d", "person", WORK_CHANNELS, 3, 30),
                _contact_rule("person_sms_7d", "person", ("sms",), 1, 7),
                _contact_rule("household_30d", "household", WORK_CHANNELS, 5, 30),
            ),
            channels={
                channel: ChannelPolicy(
                    channel=channel, reach=reach, cost_cents=cost, quiet_from_minute=None, quiet_until_minute=None,
                    quiet_days=(), place=HERE,
                )
                for channel, reach, cost in (("email", 0.25, 1), ("push", 0.4, 0), ("sms", 0.8, 5))
            },
            control_permille=50, control_salt="workload", membership_min=0.5,
            proposals_max={"inbound": 3, "campaign": 3, "triggered": 3}, suppressed_actions=(),
        ),
    )  # fmt: skip


def _contact_rule(name: str, per: str, channels: tuple[str, ...], most: int, days: float) -> ContactRule:
    return ContactRule(
        name=name, per="person" if per == "person" else "household", kind="contact", channels=channels,
        message_classes=("marketing",), max=most, days=days, place=HERE,
    )  # fmt: skip


def schema() -> ProfileSchema:
    """The published columns of the workload."""
    columns = tuple(
        ProfileColumn(name=name_of(n), type=kind_of(n), dictionary=TEXTS if kind_of(n) == "text" else ())  # type: ignore[arg-type]
        for n in range(FEATURES)
    )
    return ProfileSchema(
        version="workload", membership="workload", models="none", as_of="2026-03-01",
        household=(), person=columns, line=(), offers=(),
    )  # fmt: skip


def situation_of(kernel: decide.Kernel, sizes: np.ndarray, rng: np.random.Generator) -> Situation:
    """Households of the given sizes, with at most two adults and a third of the other members; the rest at random."""
    households, persons = len(sizes), int(sizes.sum())
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    values = np.empty((FEATURES, persons))
    for feature in range(FEATURES):
        kind = kind_of(feature)
        drawn = rng.random(persons)
        if kind == "boolean":
            share = ELIGIBLE_SHARE ** (1 / 4) / (1 - UNKNOWN_SHARE)
            drawn = (drawn < share).astype(float)
        elif kind == "text":
            drawn = np.floor(drawn * len(TEXTS))
        else:
            drawn = np.round(drawn, 4)
        drawn[rng.random(persons) < UNKNOWN_SHARE] = np.nan
        values[feature] = drawn
    bits = np.zeros(persons, dtype=np.int32)
    for channel in WORK_CHANNELS:
        bits |= (rng.random(persons) < 0.7).astype(np.int32) << CHANNELS.index(channel)
    place = np.arange(persons) - np.repeat(starts[:-1], sizes)
    minor = ((place >= 2) & (rng.random(persons) < 2 / 3)).astype(np.int8)
    roles = np.round(rng.random((persons, len(ROLES))), 3)
    rules_ = kernel.strategy.policies.contact_rules
    return Situation(
        mode="campaign", now=NOW, local_minute=660, local_weekday=0,
        request=decide.Request(channels=WORK_CHANNELS),
        household_ids=[f"H-{n:07d}" for n in range(households)], anchors=[f"A-{n:07d}" for n in range(households)],
        person_ids=[f"P-{n:07d}" for n in range(persons)], line_ids=[],
        person_start=starts, line_start=np.zeros(households + 1, dtype=np.int32),
        person_household=np.repeat(np.arange(households, dtype=np.int32), sizes),
        line_household=np.zeros(0, dtype=np.int32), line_user=np.zeros(0, dtype=np.int32),
        line_payer=np.zeros(0, dtype=np.int32), person_payer=np.full(persons, -1, dtype=np.int32),
        household_payer=np.full(households, -1, dtype=np.int32),
        values={
            "household": np.zeros((0, households)), "line": np.zeros((0, 0)),
            "person": values[list(kernel.used_columns["person"])],
        },
        minor=minor, objects=rng.random(persons) < 0.03, marketing=bits,
        membership=np.ones(persons), adviser=rng.random(persons) < 0.05, roles=roles, language=["es"] * persons,
        room_person=_room(rules_, "person", persons, rng), room_household=_room(rules_, "household", households, rng),
    )  # fmt: skip


def _room(rules_: tuple[ContactRule, ...], per: str, count: int, rng: np.random.Generator) -> np.ndarray:
    """Room that each rule leaves; a rule that counts by the other unit leaves room for ever."""
    for_ever = np.full(count, np.iinfo(np.int32).max)
    return np.stack(
        [rng.integers(0, rule.max + 1, count) if rule.per == per else for_ever for rule in rules_]
    ).astype(np.int32)


def one_of(situation: Situation, number: int) -> Situation:
    """One household of a batch as a situation of its own, as inbound would gather it."""
    return some_of(situation, number, number + 1)


def some_of(situation: Situation, first: int, last: int) -> Situation:
    """The households from `first` up to `last` (not included) as a situation of their own."""
    persons = slice(int(situation.person_start[first]), int(situation.person_start[last]))
    count = persons.stop - persons.start
    return replace(
        situation,
        household_ids=situation.household_ids[first:last], anchors=situation.anchors[first:last],
        person_ids=situation.person_ids[persons],
        person_start=situation.person_start[first : last + 1] - situation.person_start[first],
        line_start=np.zeros(last - first + 1, dtype=np.int32),
        person_household=situation.person_household[persons] - np.int32(first),
        person_payer=np.full(count, -1, dtype=np.int32), household_payer=np.full(last - first, -1, dtype=np.int32),
        values={
            "household": np.zeros((0, last - first)), "line": np.zeros((0, 0)),
            "person": np.ascontiguousarray(situation.values["person"][:, persons]),
        },
        minor=situation.minor[persons], objects=situation.objects[persons], marketing=situation.marketing[persons],
        membership=situation.membership[persons], adviser=situation.adviser[persons], roles=situation.roles[persons],
        language=situation.language[persons], room_person=situation.room_person[:, persons],
        room_household=situation.room_household[:, first:last],
    )  # fmt: skip
