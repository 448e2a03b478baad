"""Who is in an author's case, and what have they been told? People and earlier contacts of one case.

Whatever is not written holds as in a case of one: an adult who pays, has every role and allows every channel. The
others hold no role unless it is written, and the person pays unless somebody else does. Neighbour: `cases`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from hogar.strategy.documents import Document, Node
from hogar.strategy.fields import Fields
from hogar.strategy.shapes import (
    PROBABILITY,
    SWITCH,
    TEXT,
    Field,
    Named,
    matching,
    name_of,
    number,
    one_of,
    some_of,
    table,
)
from hogar.strategy.types import Action
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, MESSAGE_CLASSES, MessageClass
from hogar.telco.roles import ROLES

PERSON = "the person"
LANGUAGE = "es"
DAYS_MAX = 366
_FACTS = (
    Field("roles", Named(value=PROBABILITY, options=ROLES), "how probable each role is; roles left out: 0"),
    Field("allows", some_of(CHANNELS), "channels with marketing consent; left out: all"),
    Field("objects", SWITCH, "objected to marketing"),
    Field("minor", SWITCH, "is a minor"),
    Field("pays", SWITCH, "pays for the household and its lines; left out: the person does"),
    Field("language", matching("[a-z]{2}"), "the language, two letters"),
)
WHO = table(*_FACTS, help="somebody in a case")
OTHER = table(
    Field("name", TEXT, "what the case calls them", required=True), *_FACTS, help="who lives there too"
)
CONTACT = table(
    Field("days_ago", number(0, DAYS_MAX), "how many days ago", required=True),
    Field("channel", one_of(CHANNELS), "through which channel", required=True),
    Field("to", TEXT, "to whom; left out: the person"),
    Field("action", name_of("action"), "about which action"),
    Field("message_class", one_of(MESSAGE_CLASSES), "of which class; left out: the action's, or marketing"),
    help="what was said before",
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in a case. `roles` None is every role for sure; `allows` are the channels with consent."""

    name: str
    roles: Mapping[str, float] | None = field(default=None)
    allows: tuple[str, ...] = CHANNELS
    objects: bool = False
    minor: bool = False
    pays: bool = False
    language: str = LANGUAGE


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One earlier contact or impression: to whom (the position among the people), when, through what."""

    person: int
    channel: str
    message_class: MessageClass
    days_ago: float
    action: str

    @property
    def kind(self) -> str:
        """What is shown where the customer comes to us is an impression."""
        return "impression" if self.channel in INBOUND_CHANNELS else "contact"


def read_people(document: Document, who: Node | None, others: Sequence[Node]) -> tuple[Person, ...]:
    """The person first, then the others; exactly one of them pays."""
    people = [_person(Fields(document, who, "`who`", WHO), PERSON, None)]
    for number_, node in enumerate(others):
        fields = Fields(document, node, f"other {number_ + 1}", OTHER)
        people.append(_person(fields, fields.text("name", f"other {number_ + 1}"), {}))
        if [each.name for each in people].count(people[-1].name) > 1:
            document.problem(fields.place, f"two people are called `{people[-1].name}`", "give each a name")
    payers = [person for person in people if person.pays]
    if len(payers) > 1:
        node = who if who is not None else others[0]
        document.problem(node, "more than one pays", "write `pays: yes` once")
    return tuple(people)


def payer_of(people: Sequence[Person]) -> int:
    """The position of who pays: the person, unless somebody else is said to."""
    return next((position for position, person in enumerate(people) if person.pays), 0)


def read_contacts(
    document: Document, nodes: Sequence[Node], people: Sequence[Person], actions: Sequence[Action]
) -> tuple[Contact, ...]:
    """The earlier contacts of a case."""
    classes = {action.key: action.message_class for action in actions}
    names = [person.name for person in people]
    found = []
    for number_, node in enumerate(nodes):
        fields = Fields(document, node, f"contact {number_ + 1}", CONTACT)
        action = fields.choice("action", "an action", sorted(classes), "")
        of_action = classes.get(action, "marketing")
        to = fields.choice("to", "somebody of this case", names, PERSON)
        found.append(
            Contact(
                person=names.index(to),
                channel=fields.choice("channel", "a channel", CHANNELS, CHANNELS[0]),
                message_class=cast(
                    MessageClass,
                    fields.choice("message_class", "a message class", MESSAGE_CLASSES, of_action),
                ),
                days_ago=fields.number("days_ago", 0.0),
                action=action,
            )
        )
    return tuple(found)


def _person(fields: Fields, name: str, roles: Mapping[str, float] | None) -> Person:
    if "roles" in fields:
        chances = Fields(
            fields.document,
            fields.node("roles"),
            "`roles`",
            table(*(Field(role, PROBABILITY, role) for role in ROLES)),
        )
        roles = {role: chances.number(role, 0.0) for role in ROLES if role in chances}
    return Person(
        name=name,
        roles=roles,
        allows=fields.choices("allows", "a channel", CHANNELS, CHANNELS),
        objects=fields.switch("objects", False),
        minor=fields.switch("minor", False),
        pays=fields.switch("pays", False),
        language=fields.text("language", LANGUAGE),
    )
