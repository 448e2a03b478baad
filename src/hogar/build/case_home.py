"""What does an author's case look like to the kernel? One household laid out as a published profile, and a situation.

Features that a case does not write are unknown; each text that cases write is in its column's dictionary.
After: `author_cases` decides and compares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from hogar.decide import ContactFact, Kernel, Request, Situation
from hogar.strategy.case_people import PERSON, Person, payer_of
from hogar.strategy.case_values import Value
from hogar.strategy.cases import Case
from hogar.telco.catalogue import ENTITIES, Catalogue, Entity
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

NOON = datetime(
    2026, 3, 2, 11, 0, tzinfo=UTC
)  # a Monday; quiet hours are the delivery's matter, not a case's
LINE, HOUSEHOLD = "the line", "the household"


def case_schema(catalogue: Catalogue, cases: Sequence[Case]) -> ProfileSchema:
    """All features as published columns; a text's dictionary is what the cases write."""
    columns: dict[Entity, tuple[ProfileColumn, ...]] = {}
    for entity in ENTITIES:
        columns[entity] = tuple(
            ProfileColumn(
                name=feature.full_name, type=feature.type,
                dictionary=tuple(sorted({v for c in cases if isinstance(v := c.values.get(feature.full_name), str)})),
            )
            for feature in catalogue.of_entity(entity)
        )  # fmt: skip
    return ProfileSchema(
        version="cases", membership="cases", models="cases", as_of=NOON.date().isoformat(),
        household=columns["household"], person=columns["person"], line=columns["line"],
        offers=tuple(sorted({offer for case in cases for offer in case.offers})),
    )  # fmt: skip


def case_situation(kernel: Kernel, case: Case) -> Situation:
    """The case's moment: the person is in front of us, or the line is what the event is about."""
    now = case.now or NOON
    request = Request(
        channels=case.channels, recipient=PERSON if case.mode == "inbound" else None, actions=case.actions,
        event=case.event, context=case.context,
        subject=LINE if case.mode == "triggered" else None,
    )  # fmt: skip
    contacts = tuple(
        ContactFact(each.person, each.channel, each.kind, each.message_class, each.days_ago, each.action)
        for each in case.contacts
    )
    return Situation.of(
        kernel, [case_household(kernel.schema, case)], mode=case.mode, now=now, local_minute=now.hour * 60 + now.minute,
        local_weekday=now.weekday(), counters=(contacts,), request=request,
    )  # fmt: skip


def case_household(schema: ProfileSchema, case: Case) -> HouseholdProfile:
    """The people and the line of a case as a published household."""
    offers = tuple(_fact(schema.offers.index(offer), facts) for offer, facts in sorted(case.offers.items()))
    payer = payer_of(case.people)
    unknown = np.full(len(schema.person), np.nan, dtype="<f8").tobytes()
    values = [_packed(schema.person, case), *[unknown] * (len(case.people) - 1)]
    members = tuple(
        _member(person, payer, packed, offers) for person, packed in zip(case.people, values, strict=True)
    )
    line = LineProfile(
        id=LINE, user=0, payer=payer, holder=payer, values=_packed(schema.line, case), offers=offers
    )
    return HouseholdProfile(
        id=HOUSEHOLD, anchor=HOUSEHOLD, payer=payer, advisers=(), values=_packed(schema.household, case), offers=offers,
        members=members, lines=(line,),
    )  # fmt: skip


def _member(person: Person, payer: int, values: bytes, offers: tuple[OfferFact, ...]) -> MemberProfile:
    roles = tuple(1.0 if person.roles is None else person.roles.get(role, 0.0) for role in ROLES)
    consent = sum(1 << number for number, channel in enumerate(CHANNELS) if channel in person.allows)
    return MemberProfile(
        id=person.name, parties=(person.name,), membership=1.0, minor=person.minor, objects=person.objects,
        marketing=consent, language=person.language, payer=payer, roles=roles, values=values, offers=offers,
    )  # fmt: skip


def _packed(columns: Sequence[ProfileColumn], case: Case) -> bytes:
    values = [case.values.get(column.name) for column in columns]
    numbers = [
        np.nan
        if value is None
        else column.dictionary.index(value)
        if isinstance(value, str)
        else float(value)
        for column, value in zip(columns, values, strict=True)
    ]
    return np.array(numbers, dtype="<f8").tobytes()


def _fact(offer: int, facts: Mapping[str, Value]) -> OfferFact:
    def cents(name: str) -> int | None:
        return round(float(facts[name]) * 100) if name in facts else None

    deliverable = facts.get("deliverable")
    return OfferFact(
        offer, bool(facts.get("owned", False)), bool(facts.get("ordered", False)),
        None if deliverable is None else bool(deliverable),
        cents("monthly_eur"), cents("current_eur"), cents("cost_eur"),
    )  # fmt: skip
