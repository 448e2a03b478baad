"""Small strategies and households for the kernel's tests: a few words make each, everything else is plain.

The plain person is an adult who is surely a member, allows every channel, holds every role and speaks Spanish. The
plain action is about a person, holds always, and is said through `sms` and `web`. An action's `needs` follow from
the labels of the names it uses, as `strategy.compile` has it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import numpy as np

from hogar import decide, expr
from hogar.decide import ContactFact, Decision, Decisions, Kernel, Request, Situation
from hogar.errors import Place
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
from hogar.telco.catalogue import ENTITIES, Entity, FeatureType, Whose
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import (
    HouseholdProfile,
    LineProfile,
    MemberProfile,
    OfferFact,
    ProfileColumn,
    ProfileSchema,
)
from hogar.telco.roles import ROLES

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday
ALL_CHANNELS = (1 << len(CHANNELS)) - 1
EPOCH = date(1970, 1, 1)

# What is published: name, type, whose data, and the texts that occur.
FEATURES: dict[str, tuple[FeatureType, Whose, tuple[str, ...]]] = {
    "household.spend": ("number", "payer", ()),
    "household.payers": ("number", "payer", ()),
    "household.technology": ("text", "payer", ("adsl", "fibre", "none")),
    "household.fibre": ("boolean", "nobody", ()),
    "household.moved": ("date", "nobody", ()),
    "household.adults": ("number", "aggregate", ()),
    "household.distance": ("number", "nobody", ()),
    "person.visits": ("number", "person", ()),
    "person.traveller": ("boolean", "person", ()),
    "person.segment": ("text", "person", ("a", "b", "c")),
    "person.born": ("date", "person", ()),
    "person.years": ("number", "payer", ()),
    "person.shade": ("number", "nobody", ()),
    "line.data": ("number", "payer", ()),
    "line.prepaid": ("boolean", "payer", ()),
    "line.plan": ("text", "payer", ("S", "M", "L")),
    "line.ends": ("date", "payer", ()),
    "line.silent": ("number", "person", ()),
    "line.signal": ("number", "nobody", ()),
    "score.churn": ("number", "payer", ()),
}
OFFERS = ("FAM-4", "TV")
OFFER_NAMES: dict[str, tuple[FeatureType, Whose]] = {
    "action.owned": ("boolean", "payer"),
    "action.ordered": ("boolean", "payer"),
    "action.deliverable": ("boolean", "nobody"),
    "action.monthly_eur": ("number", "nobody"),
    "action.current_eur": ("number", "payer"),
    "action.cost_eur": ("number", "payer"),
    "action.saving_eur": ("number", "payer"),
    "action.extra_eur": ("number", "payer"),
}
LOOSE: dict[str, FeatureType] = {
    "event.stay": "number",
    "event.country": "text",
    "event.home": "boolean",
    "event.day": "date",
    "context.reason": "text",
    "context.channel": "text",
    "context.today": "date",
}
TYPES: dict[str, FeatureType] = {
    **{name: kind for name, (kind, _, _) in FEATURES.items()},
    **{name: kind for name, (kind, _) in OFFER_NAMES.items()},
    **{f"{entity}.has_offer('{offer}')": "boolean" for entity in ENTITIES for offer in OFFERS},
    **LOOSE,
}
WHOSE: dict[str, Whose] = {
    **{name: whose for name, (_, whose, _) in FEATURES.items()},
    **{name: whose for name, (_, whose) in OFFER_NAMES.items()},
    **dict.fromkeys(LOOSE, "nobody"),
}


def entity_of(name: str) -> Entity:
    """Which entity publishes a name; a score is the line's."""
    namespace = name.partition(".")[0]
    return "household" if namespace == "household" else "person" if namespace == "person" else "line"


def columns(entity: Entity) -> tuple[ProfileColumn, ...]:
    """The published columns of one entity."""
    return tuple(
        ProfileColumn(name=name, type=kind, dictionary=texts)
        for name, (kind, _, texts) in FEATURES.items()
        if entity_of(name) == entity
    )


SCHEMA = ProfileSchema(
    version="profile-1", membership="membership-1", models="models-1", as_of="2026-03-01",
    household=columns("household"), person=columns("person"), line=columns("line"), offers=OFFERS,
)  # fmt: skip


@cache
def parsed(text: str) -> expr.Expression:
    """An expression over the names of these homes."""
    return expr.parse(text, Place(file="strategy/actions/test.yml", line=7, column=3), TYPES)


def action(
    key: str,
    *conditions: str,
    scope: Entity = "person",
    interest: str = "0.5",
    value: str = "10",
    channels: Sequence[str] = ("sms", "web"),
    roles: Sequence[str] = (),
    needs: Sequence[Whose] | None = None,
    pass_on: bool = False,
    spoken_to: Sequence[str] = (),
    **fields: Any,
) -> Action:
    """An action with these conditions, in the order in which they are asked.

    Holders of the roles in `spoken_to` have words of their own.
    """
    names = {name for text in (*conditions, interest, value) for name in parsed(text).names}
    file = f"strategy/actions/{key}.yml"
    plain: dict[str, Any] = {
        "name": key, "purpose": "grow", "offering": None, "cost_cents": 0, "weight_permille": 1000,
        "message_class": "marketing", "modes": ("inbound", "campaign", "triggered"), "reason": "",
    }  # fmt: skip
    return Action(
        key=key, scope=scope, place=Place(file=file), interest=parsed(interest), value=parsed(value),
        conditions=tuple(
            Condition(kind="eligible", text=text, expression=parsed(text), place=Place(file=file, line=10 + number))
            for number, text in enumerate(conditions)
        ),
        roles_needed=tuple(roles),
        needs=frozenset(WHOSE.get(name, "payer") for name in names) if needs is None else frozenset(needs),
        treatments=tuple(
            Treatment(
                channel=channel, language=language, text="-", place=Place(file=file), pass_on=pass_on, role=role
            )
            for channel in channels
            for language in ("es", "en")
            for role in ("", *spoken_to)
        ),
        **{**plain, **fields},
    )  # fmt: skip


def channel(name: str, **fields: Any) -> ChannelPolicy:
    """A channel that always reaches, costs nothing and is never silent, but for what is given."""
    plain = {
        "reach": 1.0, "cost_cents": 0, "quiet_from_minute": None, "quiet_until_minute": None, "quiet_days": (),
    }  # fmt: skip
    return ChannelPolicy(
        channel=name, place=Place(file="strategy/policies.yml", line=3), **{**plain, **fields}
    )


def rule(name: str, most: int, days: float = 7, **fields: Any) -> ContactRule:
    """A contact rule: per person, over marketing contacts through every channel, but for what is given."""
    plain = {"per": "person", "kind": "contact", "channels": CHANNELS, "message_classes": ("marketing",)}
    return ContactRule(
        name=name,
        max=most,
        days=days,
        place=Place(file="strategy/policies.yml", line=9),
        **{**plain, **fields},
    )


PLAIN_CHANNELS = (channel("sms"), channel("web"), channel("email"))


def strategy(
    *actions: Action,
    rules: Sequence[ContactRule] = (),
    channels: Sequence[ChannelPolicy] = PLAIN_CHANNELS,
    proposals_max: int = 3,
    priors: RolePriors | None = None,
    **policies: Any,
) -> Strategy:
    """A strategy of these actions; nobody is in its control group unless `control_permille` says so."""
    plain = {"control_permille": 0, "control_salt": "salt", "membership_min": 0.9, "suppressed_actions": ()}
    return Strategy(
        hash="strategy-1", actions=actions, objective="value", event_fields=LOOSE,
        roles=priors or RolePriors(
            yes=dict.fromkeys(ROLES, 0.8), pass_on=0.4, holder_default=0.8, declared=0.95, adviser=0.5
        ),
        policies=Policies(
            contact_rules=tuple(rules), channels={each.channel: each for each in channels},
            proposals_max={"inbound": proposals_max, "campaign": proposals_max, "triggered": proposals_max},
            **{**plain, **policies},
        ),
    )  # fmt: skip


def kernel(*actions: Action, **policies: Any) -> Kernel:
    """A kernel of these actions."""
    return decide.bind(strategy(*actions, **policies), SCHEMA)


def packed(entity: Entity, known: Mapping[str, Any]) -> bytes:
    """The published values of one subject; what is not given is unknown. Dates are `date`s."""
    names = [column.name.partition(".")[2] for column in columns(entity)]
    assert set(known) <= set(names), sorted(set(known) - set(names))
    values = [_number(known.get(name), column) for name, column in zip(names, columns(entity), strict=True)]
    return np.array(values, dtype="<f8").tobytes()


def _number(value: Any, column: ProfileColumn) -> float:
    if value is None:
        return np.nan
    if isinstance(value, str):
        return column.dictionary.index(value)
    return (value - EPOCH).days if isinstance(value, date) else float(value)


def offer(name: str, **facts: Any) -> OfferFact:
    """What an offer means to a subject; what is not given is unknown, and it is neither owned nor ordered."""
    plain: dict[str, Any] = {
        "owned": False, "ordered": False, "deliverable": None, "monthly_cents": None, "current_cents": None,
        "cost_cents": None,
    }  # fmt: skip
    return OfferFact(OFFERS.index(name), **{**plain, **facts})


def member(
    id: str, *, offers: Sequence[OfferFact] = (), roles: Mapping[str, float] | float = 1.0, **fields: Any
) -> MemberProfile:
    """A plain person but for what is given: published values by name, or fields of the profile."""
    own = {name: fields.pop(name) for name in list(fields) if f"person.{name}" in FEATURES}
    plain: dict[str, Any] = {
        "membership": 1.0, "minor": False, "objects": False, "marketing": ALL_CHANNELS, "language": "es", "payer": -1,
    }  # fmt: skip
    held = {} if isinstance(roles, float) else roles
    default = roles if isinstance(roles, float) else 0.0
    return MemberProfile(
        id=id, parties=(id,), values=packed("person", own), offers=tuple(offers),
        roles=tuple(float(held.get(role, default)) for role in ROLES), **{**plain, **fields},
    )  # fmt: skip


def line(
    id: str, *, user: int = 0, payer: int = 0, offers: Sequence[OfferFact] = (), **values: Any
) -> LineProfile:
    """A line of the first member, but for what is given."""
    return LineProfile(
        id=id, user=user, payer=payer, holder=payer, values=packed("line", values), offers=tuple(offers)
    )


def home(
    id: str,
    *members: MemberProfile,
    lines: Sequence[LineProfile] = (),
    payer: int = -1,
    advised: Sequence[int] = (),
    offers: Sequence[OfferFact] = (),
    anchor: str | None = None,
    **values: Any,
) -> HouseholdProfile:
    """A household; `advised` are the members who declared an adviser in another home."""
    return HouseholdProfile(
        id=id, anchor=anchor or f"anchor of {id}", payer=payer, values=packed("household", values), lines=tuple(lines),
        advisers=tuple((position, "P-elsewhere") for position in advised), offers=tuple(offers), members=members,
    )  # fmt: skip


def ask(
    bound: Kernel,
    *homes: HouseholdProfile,
    counters: Sequence[Sequence[ContactFact]] | None = None,
    mode: str = "campaign",
    minute: int = 660,
    weekday: int = 0,
    audience: Sequence[Sequence[int]] | None = None,
    **request: Any,
) -> Decisions:
    """Decide for these homes on a Monday at eleven, through every channel there is, but for what is given."""
    asked = Request(**{"channels": tuple(bound.strategy.policies.channels), **request})
    situation = Situation.of(
        bound, homes, mode=mode, now=NOW, local_minute=minute, local_weekday=weekday, request=asked,
        counters=tuple(map(tuple, counters)) if counters is not None else ((),) * len(homes), audience=audience,
    )  # fmt: skip
    return bound.decide(situation)


def contact(person: int, name: str = "sms", days_ago: float = 1.0, **fields: Any) -> ContactFact:
    """An earlier marketing contact of the member at this position."""
    plain = {"kind": "contact", "message_class": "marketing"}
    return ContactFact(person=person, channel=name, days_ago=days_ago, **{**plain, **fields})


def proposed(decision: Decision) -> list[tuple[str, str, str, str]]:
    """The proposals as (action, subject, recipient, channel), the best first."""
    return [(each.action, each.subject, each.recipient, each.channel) for each in decision.proposals]


def reason(bound: Kernel, decision: Decision, key: str, subject: str) -> str:
    """Why an action is not proposed for a subject, by the reason's name; `proposed` where it is."""
    for each in decide.explain(bound, decision).excluded:
        if (each.action, each.subject) == (key, subject):
            return each.reason
    return "proposed" if any(p[:2] == (key, subject) for p in proposed(decision)) else "not_asked"


def subjects(decision: Decision) -> dict[Entity, tuple[str, ...]]:
    """The ids of a decision's subjects by scope."""
    return {"household": (decision.household,), "person": decision.persons, "line": decision.lines}


def codes(kernel: Kernel, decision: Decision) -> dict[tuple[str, str], int]:
    """The code of every candidate by (action, subject)."""
    packed = {
        "household": decision.codes_household, "person": decision.codes_person, "line": decision.codes_line,
    }  # fmt: skip
    found = {}
    for scope, ids in subjects(decision).items():
        keys = [kernel.strategy.actions[n].key for n in kernel.scopes[scope].actions]
        table = np.frombuffer(packed[scope], dtype="<u2").tolist()
        for (subject, key), code in zip(itertools.product(ids, keys), table, strict=True):
            found[key, subject] = code
    return found


def with_max(bound: Strategy, most: Mapping[str, int]) -> Strategy:
    """The same strategy with other limits of its contact rules."""
    rules = tuple(replace(each, max=most.get(each.name, each.max)) for each in bound.policies.contact_rules)
    return replace(bound, policies=replace(bound.policies, contact_rules=rules))
