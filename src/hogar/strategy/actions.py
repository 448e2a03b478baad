"""What may be proposed, to whom, why, and how is it said? One action from one file of `strategy/actions`.

After: `completing` puts it among the policies, objectives and controls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast, get_args

from hogar.errors import Place
from hogar.expr import Expression
from hogar.strategy.documents import Document, Mapping, Node, Scalar
from hogar.strategy.documents import Sequence as NodeSequence
from hogar.strategy.expressions import Parser, all_names, offset_of_name
from hogar.strategy.fields import Fields
from hogar.strategy.levers import PURPOSES
from hogar.strategy.names import ACTION_FACTS, CONTEXT, TODAY, Allowed, offer_cure
from hogar.strategy.positions import place_in_value
from hogar.strategy.season import VALID, read_valid
from hogar.strategy.shapes import (
    EXPRESSION,
    SWITCH,
    TEXT,
    Either,
    Field,
    Listed,
    name_of,
    number,
    one_of,
    some_of,
    table,
)
from hogar.strategy.templates import template_names
from hogar.strategy.treatments import TREATMENTS, read_treatments
from hogar.strategy.types import Action, Condition, ConditionKind
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.channels import INBOUND_CHANNELS, MESSAGE_CLASSES, OUTBOUND_CHANNELS, MessageClass, Mode
from hogar.telco.roles import ROLES

MODES: tuple[Mode, ...] = get_args(Mode)
URGENCY_MAX = 10.0
COST_MAX = 10_000.0
_CONDITIONS: dict[str, ConditionKind] = {
    "eligible_when": "eligible", "applicable_when": "applicable", "suitable_when": "suitable",
}  # fmt: skip
_ONE_OR_SEVERAL = Either(forms=(EXPRESSION, Listed(item=EXPRESSION)))
ACTION = table(
    Field("name", TEXT, "what people call it", required=True),
    Field("purpose", one_of(PURPOSES), "what it is for", required=True),
    Field("scope", one_of(ENTITIES), "whom it is for", required=True),
    Field("offering", name_of("offer"), "the id of an offer of the catalogue"),
    Field("eligible_when", _ONE_OR_SEVERAL, "may it be sold to them?"),
    Field("applicable_when", _ONE_OR_SEVERAL, "does it make sense for them?"),
    Field("suitable_when", _ONE_OR_SEVERAL, "is it good for them?"),
    Field("interest", EXPRESSION, "the probability that they would like it, 0 to 1", required=True),
    Field("value", EXPRESSION, "what a yes is worth in euros over a year", required=True),
    Field("cost", number(0, COST_MAX), "what proposing it costs in euros, beside the channel's message"),
    Field("urgency", number(0, URGENCY_MAX), "a weight; 2 counts double"),
    Field("message_class", one_of(MESSAGE_CLASSES), "what kind of message it is; marketing needs consent"),
    Field("roles_needed", some_of(ROLES), "whose yes it takes"),
    Field("modes", some_of(MODES), "in which modes it may be proposed"),
    Field("like_for_like", SWITCH, "the same use must never cost more than today"),
    Field("valid", VALID, "on which days it may be proposed"),
    Field("reason", TEXT, "one line for whoever speaks with the customer", required=True),
    Field("treatments", TREATMENTS, "how it is said, by channel and language", required=True),
    help="what may be proposed: one file an action",
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """An action as its file alone has it: without the house's rules, levers and prices, its value not yet weighed.

    Which is why it may be kept while other files change: see `remembered`.
    """

    action: Action
    urgency: float
    like_for_like: bool
    offering_at: Place
    urgency_at: Place

    @property
    def said(self) -> frozenset[str]:
        """The names whose values its words say."""
        action = self.action
        return frozenset(action.reason_names).union(*(each.names for each in action.treatments))


def read_action(
    document: Document, key: str, parser: Parser, languages: tuple[str, ...], channels: tuple[str, ...]
) -> Written | None:
    """The action of one file, or None where something it cannot be without is wrong; problems are noted."""
    owner = f"action `{key}`"
    fields = Fields(document, document.root, owner, ACTION)
    scope = cast(Entity, fields.choice("scope", "a scope", ENTITIES, "line"))
    purpose = fields.choice("purpose", "a purpose", PURPOSES, PURPOSES[0])
    message_class = cast(
        MessageClass, fields.choice("message_class", "a message class", MESSAGE_CLASSES, "marketing")
    )
    offering = _offering(document, fields, parser)
    words = parser.words
    allowed = Allowed(
        owner=owner,
        scope=scope,
        facts=frozenset(ACTION_FACTS) if "offering" in fields else frozenset(),
        fields=frozenset(name for name in words.types if name.startswith("event.") or name in CONTEXT),
        message_class=message_class,
    )
    # what is asked may hang on the day; what is said may not
    by_day = replace(allowed, fields=allowed.fields | {TODAY})
    asked = _conditions(document, fields, parser, by_day)
    interest = _expression(document, fields, "interest", parser, by_day)
    value = _expression(document, fields, "value", parser, by_day)
    reason = fields.node("reason")
    reason_names = template_names(document, reason, allowed, words) if isinstance(reason, Scalar) else ()
    treatments = read_treatments(document, fields.node("treatments"), allowed, words, languages, channels)
    modes = cast("tuple[Mode, ...]", fields.choices("modes", "a mode", MODES, MODES))
    _check_modes(document, fields, modes, {treatment.channel for treatment in treatments})
    if "like_for_like" in fields and "offering" not in fields:
        document.problem(
            fields.at("like_for_like"), f"{owner} has no `offering` to compare", "add `offering:`"
        )
    like_for_like = fields.switch("like_for_like", False)
    roles = fields.choices("roles_needed", "a role", ROLES)
    cost = fields.number("cost", 0.0)
    urgency = fields.number("urgency", 1.0)
    valid = read_valid(fields)
    name, words_of_reason = fields.text("name", key), " ".join(fields.text("reason").split())
    if interest is not None:
        _check_probability(document, fields, interest)
    if interest is None or value is None:
        return None
    written = Written(
        action=Action(
            key=key,
            name=name,
            purpose=purpose,
            scope=scope,
            place=document.start,
            offering=offering,
            conditions=tuple(asked),
            interest=interest,
            value=value,
            cost_cents=round(100 * cost),
            weight_permille=round(1000 * urgency),
            season=valid,
            message_class=message_class,
            roles_needed=roles,
            needs=frozenset(),
            treatments=treatments,
            modes=modes,
            reason=words_of_reason,
            reason_names=reason_names,
        ),
        urgency=urgency,
        like_for_like=like_for_like,
        offering_at=fields.at("offering"),
        urgency_at=fields.at("urgency"),
    )
    names = written.said | all_names([*(condition.expression for condition in asked), interest, value])
    _check_event_modes(document, fields, names, modes, owner)
    return written


def asked_event_fields(action: Action) -> frozenset[str]:
    """The event's names that an action asks or says."""
    names = all_names(
        [*(condition.expression for condition in action.conditions), action.interest, action.value]
    )
    said = {name for treatment in action.treatments for name in treatment.names} | set(action.reason_names)
    return frozenset(name for name in names | said if name.startswith("event."))


def _offering(document: Document, fields: Fields, parser: Parser) -> str | None:
    offering = fields.text("offering") or None
    offers = parser.words.offers
    if offering is not None and offers is not None and offering not in offers:
        document.problem(
            fields.at("offering"), f"`{offering}` is not an offer of the catalogue",
            offer_cure(offering, offers),
        )  # fmt: skip
    return offering


def _conditions(document: Document, fields: Fields, parser: Parser, allowed: Allowed) -> list[Condition]:
    found: list[Condition] = []
    for name, kind in _CONDITIONS.items():
        node = fields.node(name)
        if node is not None:
            found += parser.conditions(document, node, kind, allowed)
    return found


def _expression(
    document: Document, fields: Fields, name: str, parser: Parser, allowed: Allowed
) -> Expression | None:
    node = fields.node(name)
    return None if node is None else parser.expression(document, node, "number", allowed)


def _check_probability(document: Document, fields: Fields, interest: Expression) -> None:
    try:
        constant = float(interest.text)
    except ValueError:
        return
    if not 0 <= constant <= 1:
        document.problem(
            fields.at("interest"),
            f"`interest` is a probability, not {interest.text.strip()}",
            "write a number from 0 to 1",
        )


def _check_modes(document: Document, fields: Fields, modes: tuple[Mode, ...], channels: set[str]) -> None:
    """A mode that an author names needs a treatment in a channel of that mode."""
    if "modes" not in fields or not channels:
        return
    for mode in modes:
        fitting = INBOUND_CHANNELS if mode == "inbound" else OUTBOUND_CHANNELS
        if channels.isdisjoint(fitting):
            document.problem(
                fields.at("modes"), f"mode `{mode}` has no treatment to speak with",
                f"add one of {', '.join(f'`{channel}`' for channel in fitting)}",
            )  # fmt: skip


def _check_event_modes(
    document: Document, fields: Fields, names: frozenset[str], modes: tuple[Mode, ...], owner: str
) -> None:
    """What asks the event can only be proposed when there is one."""
    asked = sorted(name for name in names if name.startswith("event."))
    if not asked or modes == ("triggered",):
        return
    place = fields.place
    for node in fields.nodes.values():
        for scalar in _scalars(node):
            if asked[0] in scalar.value:
                place = place_in_value(document, scalar, offset_of_name(scalar.value, asked[0]))
    document.problem(
        place,
        f"{owner} uses `{asked[0]}`, which is known in triggered mode only",
        "write `modes: [triggered]`",
    )


def _scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    inner: tuple[Node, ...] = ()
    if isinstance(node, NodeSequence):
        inner = node.items
    elif isinstance(node, Mapping):
        inner = tuple(value for _, value in node.items)
    return [scalar for each in inner for scalar in _scalars(each)]
