"""What is this name's value for this customer? Published values read by the names that authors write.

Reads one household's profile, and the request; returns Python values, None for unknown. Used where single values
are wanted: audiences and sentences. The kernel reads whole arrays instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from struct import unpack_from

from hogar.decide import Request
from hogar.strategy.types import Action
from hogar.telco.catalogue import ENTITIES, Entity, FeatureType
from hogar.telco.profile import (
    HouseholdProfile,
    LineProfile,
    MemberProfile,
    OfferFact,
    ProfileColumn,
    ProfileSchema,
)

Value = float | int | str | bool | None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom the names are about: a household, perhaps a member of it, perhaps a line; and what was asked."""

    household: HouseholdProfile
    member: MemberProfile | None = None
    line: LineProfile | None = None
    request: Request = field(default_factory=lambda: Request(channels=()))

    def of(self, entity: Entity) -> HouseholdProfile | MemberProfile | LineProfile | None:
        """The profile of one entity, or None where the subject has none."""
        if entity == "household":
            return self.household
        return self.member if entity == "person" else self.line


Getter = Callable[[Subject], Value]


def subject_of(household: HouseholdProfile, entity: Entity, id_: str, request: Request) -> Subject:
    """The subject of a proposal: a line's person is its user."""
    if entity == "household":
        return Subject(household=household, request=request)
    if entity == "person":
        member = next((member for member in household.members if member.id == id_), None)
        return Subject(household=household, member=member, request=request)
    line = next((line for line in household.lines if line.id == id_), None)
    user = None if line is None or line.user < 0 else household.members[line.user]
    return Subject(household=household, member=user, line=line, request=request)


def getters(
    schema: ProfileSchema, names: Iterable[str], action: Action | None = None
) -> Mapping[str, Getter]:
    """For each name a function that reads it. `action` gives `action.*` its meaning.

    A name that is not published gives None for everybody: unknown, as the language has it.
    """
    return {name: _getter(schema, name, action) for name in names}


def _getter(schema: ProfileSchema, name: str, action: Action | None) -> Getter:
    namespace, _, member = name.partition(".")
    if namespace == "event":
        return lambda subject: subject.request.event.get(member)
    if namespace == "context":
        return lambda subject: subject.request.context.get(member)
    if namespace == "action":
        if action is None or action.offering is None:
            return _unknown
        return _offer_fact(schema, action.scope, action.offering, member)
    if member.startswith("has_offer('"):
        entity: Entity = "line" if namespace == "line" else "person" if namespace == "person" else "household"
        return _offer_fact(
            schema, entity, member[len("has_offer('") : -len("')")].replace("''", "'"), "owned"
        )
    for entity in ENTITIES:
        for position, column in enumerate(schema.columns(entity)):
            if column.name == name:
                return _published(entity, position, column)
    return _unknown


def _published(entity: Entity, position: int, column: ProfileColumn) -> Getter:
    offset, dictionary = 8 * position, column.dictionary
    kind: FeatureType = column.type

    def get(subject: Subject) -> Value:
        profile = subject.of(entity)
        if profile is None:
            return None
        value: float = unpack_from("<d", profile.values, offset)[0]
        if value != value:
            return None
        if kind == "text":
            return dictionary[int(value)]
        if kind == "boolean":
            return value != 0
        return int(value) if kind == "date" else value

    return get


def _offer_fact(schema: ProfileSchema, entity: Entity, offer: str, fact: str) -> Getter:
    code = schema.offers.index(offer) if offer in schema.offers else -1

    def get(subject: Subject) -> Value:
        profile = subject.of(entity)
        offers = () if profile is None else profile.offers
        found = next((one for one in offers if one.offer == code), None)
        return offer_value(found, fact)

    return get


def offer_value(found: OfferFact | None, fact: str) -> Value:
    """One fact about an offer, money in euros; an offer without facts is neither owned nor ordered."""
    if fact in ("owned", "ordered"):
        return False if found is None else bool(getattr(found, fact))
    if found is None:
        return None
    if fact == "deliverable":
        return found.deliverable
    if fact in ("monthly_eur", "current_eur", "cost_eur"):
        cents: int | None = getattr(found, fact.replace("_eur", "_cents"))
        return None if cents is None else cents / 100
    if found.current_cents is None or found.cost_cents is None:
        return None
    saving = found.current_cents - found.cost_cents
    return {"saving_eur": saving / 100, "extra_eur": -saving / 100}[fact]


def _unknown(_: Subject) -> Value:
    return None
