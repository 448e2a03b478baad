"""Which event leads to which actions? One trigger from one file of `strategy/triggers`.

Triggers are read twice: first the types of their events' fields, which all expressions need; then the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence as SequenceOf
from typing import cast, get_args

from hogar.errors import Place
from hogar.strategy.documents import Document, Mapping, Node, Sequence, child
from hogar.strategy.expressions import Parser
from hogar.strategy.fields import Fields
from hogar.strategy.leaves import choice
from hogar.strategy.names import Allowed, EventField
from hogar.strategy.shapes import (
    EXPRESSION,
    HELP,
    Either,
    Field,
    Listed,
    Named,
    matching,
    name_of,
    one_of,
    some_of,
    table,
    whole,
)
from hogar.strategy.types import Trigger
from hogar.telco.catalogue import FeatureType, Whose
from hogar.telco.channels import OUTBOUND_CHANNELS

TYPES: tuple[FeatureType, ...] = get_args(FeatureType)
WHOSE: tuple[Whose, ...] = get_args(Whose)
EXPIRES_MAX = 7 * 24 * 60
_FIELD = r"[a-z][a-z0-9_]*"
_EVENT = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+"
_SOMEBODYS: frozenset[Whose] = frozenset({"person"})  # that it happened is already somebody's data
ACTIONS = Listed(item=name_of("action"), items_min=1, once=True)
_EVENT_FIELD = table(
    Field("type", one_of(TYPES), "its type", required=True), Field("whose", one_of(WHOSE), "whose data it is")
)
TRIGGER = table(
    Field("event", matching(_EVENT), "the CloudEvents type, such as `com.acme.roaming.v1.arrived`", required=True),
    Field(
        "fields", Named(value=Either(forms=(one_of(TYPES), _EVENT_FIELD)), pattern=_FIELD),
        "the event's fields: `country: text`, or `{type: number, whose: payer}`",
    ),
    Field("when", EXPRESSION, "an expression over `event.*`; left out: every such event"),
    Field("actions", ACTIONS, "the actions that it may lead to", required=True),
    Field("channels", some_of(OUTBOUND_CHANNELS), "the channels that it may speak through", required=True),
    Field("expires_minutes", whole(1, EXPIRES_MAX), "after which the message is worthless", required=True),
    HELP,
    help="which event leads to which actions: one file a trigger",
)  # fmt: skip


def event_fields(
    documents: MappingOf[str, Document],
) -> tuple[dict[str, EventField], dict[str, frozenset[str]]]:
    """Every `event.` name with its type and label, and the names that each trigger's event has."""
    found: dict[str, EventField] = {}
    places: dict[str, Place] = {}
    by_trigger: dict[str, frozenset[str]] = {}
    for trigger, document in documents.items():
        names: set[str] = set()
        node = child(document.root, "fields")
        chosen = [key.value for key, _ in node.items] if isinstance(node, Mapping) else []
        fields = Fields(document, node, "`fields`", chosen)
        for word, key in fields.keys.items():
            if not re.fullmatch(_FIELD, word):
                document.problem(key, f"`{word}` is not a name for a field", "small letters, digits and `_`")
                continue
            name = f"event.{word}"
            names.add(name)
            read = _event_field(document, fields.nodes[word], name)
            if read is not None and found.setdefault(name, read) != read:
                first = found[name]
                document.problem(
                    key, f"`{name}` is a {read.type} ({read.whose}) here, but a {first.type} ({first.whose}) in "
                    f"{places[name]}", "one name, one meaning",
                )  # fmt: skip
            places.setdefault(name, key.place)
        by_trigger[trigger] = frozenset(names)
    return found, by_trigger


def _event_field(document: Document, node: Node, name: str) -> EventField | None:
    """`number`, or `{type: number, whose: payer}`; what is not said to be anybody else's is the person's."""
    if not isinstance(node, Mapping):
        kind = choice(document, node, "a type", TYPES)
        return None if kind is None else EventField(type=cast(FeatureType, kind), whose="person")
    fields = Fields(document, node, f"`{name}`", _EVENT_FIELD)
    kind = fields.choice("type", "a type", TYPES, "")
    whose = fields.choice("whose", "a label of whose data it is", WHOSE, "person")
    return EventField(type=cast(FeatureType, kind), whose=cast(Whose, whose)) if kind else None


def read_trigger(
    document: Document,
    name: str,
    parser: Parser,
    names: frozenset[str],
    action_keys: SequenceOf[str],
    channels: SequenceOf[str],
) -> Trigger:
    """The trigger of one file. `when` sees the event only: what concerns the household is the action's to ask."""
    owner = f"trigger `{name}`"
    fields = Fields(document, document.root, owner, TRIGGER)
    fields.text("help")
    event = fields.text("event")
    if event and not re.fullmatch(_EVENT, event):
        document.problem(
            fields.at("event"), f"`{event}` is not an event type", "such as `com.acme.roaming.v1.arrived`"
        )
    node = fields.node("when")
    allowed = Allowed(owner=owner, scope=None, fields=names)
    return Trigger(
        name=name,
        event_type=event,
        when=None if node is None else parser.expression(document, node, "boolean", allowed),
        actions=named_actions(document, fields, action_keys),
        channels=fields.choices("channels", "a channel that a trigger can speak through", spoken(channels)),
        expires_minutes=fields.whole("expires_minutes", 1),
        place=document.start,
        needs=frozenset(parser.words.whose[field] for field in names if field in parser.words.whose)
        or _SOMEBODYS,
    )


def named_actions(document: Document, fields: Fields, action_keys: SequenceOf[str]) -> tuple[str, ...]:
    """The actions that a trigger or campaign may lead to; at least one."""
    found = fields.choices("actions", "an action", action_keys)
    node = fields.node("actions")
    if isinstance(node, Sequence) and not node.items:
        document.problem(node, "there is no action in the list", "name at least one")
    return found


def spoken(channels: SequenceOf[str]) -> tuple[str, ...]:
    """The channels by which we speak first, and that have a policy (all of them while policies are broken)."""
    return tuple(channel for channel in OUTBOUND_CHANNELS if not channels or channel in channels)
