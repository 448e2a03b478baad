"""What may be proposed, to whom, why, and how is it said? One action from one file of `strategy/actions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from hogar.errors import did_you_mean
from hogar.expr import Expression
from hogar.strategy.documents import Document, Mapping, Node, Scalar
from hogar.strategy.documents import Sequence as NodeSequence
from hogar.strategy.expressions import Parser, all_names, offset_of_name
from hogar.strategy.fields import Fields
from hogar.strategy.house_rules import HouseRule, house_conditions
from hogar.strategy.names import ACTION_FACTS, CONTEXT, Allowed, reaches_beyond, whose_data
from hogar.strategy.objectives import PURPOSES, Objectives
from hogar.strategy.positions import place_in_value
from hogar.strategy.treatments import read_treatments, template_names
from hogar.strategy.types import Action, Condition, ConditionKind
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.channels import INBOUND_CHANNELS, MESSAGE_CLASSES, OUTBOUND_CHANNELS, MessageClass, Mode
from hogar.telco.roles import ROLES

MODES: tuple[Mode, ...] = get_args(Mode)
CONDITIONS_MAX = 100
URGENCY_MAX = 10.0
COST_MAX = 10_000.0
_CONDITIONS: dict[str, ConditionKind] = {
    "eligible_when": "eligible", "applicable_when": "applicable", "suitable_when": "suitable",
}  # fmt: skip
_REQUIRED = ("name", "purpose", "scope", "interest", "value", "reason", "treatments")
_FIELDS = (
    *_REQUIRED, "offering", *_CONDITIONS, "cost", "urgency", "message_class", "roles_needed", "modes", "like_for_like",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What an action is read against: the other files' content that it refers to."""

    parser: Parser
    objectives: Objectives
    house_rules: Sequence[HouseRule]
    languages: tuple[str, ...]
    channels: tuple[str, ...]


def read_action(document: Document, key: str, around: Surroundings) -> Action | None:
    """The action of one file, or None where something it cannot be without is wrong; problems are noted."""
    owner = f"action `{key}`"
    fields = Fields(document, document.root, owner, _FIELDS, _REQUIRED)
    scope = cast(Entity, fields.choice("scope", "a scope", ENTITIES, "line"))
    purpose = fields.choice("purpose", "a purpose", PURPOSES, PURPOSES[0])
    message_class = cast(
        MessageClass, fields.choice("message_class", "a message class", MESSAGE_CLASSES, "marketing")
    )
    offering = _offering(document, fields, around)
    words = around.parser.words
    allowed = Allowed(
        owner=owner,
        scope=scope,
        facts=frozenset(ACTION_FACTS) if "offering" in fields else frozenset(),
        fields=frozenset(name for name in words.types if name.startswith("event.") or name in CONTEXT),
        message_class=message_class,
    )
    asked = _conditions(document, fields, around.parser, allowed)
    interest = _expression(document, fields, "interest", around.parser, allowed)
    value = _expression(document, fields, "value", around.parser, allowed)
    reason = fields.node("reason")
    reason_names = template_names(document, reason, allowed, words) if isinstance(reason, Scalar) else ()
    treatments = read_treatments(
        document, fields.node("treatments"), allowed, words, around.languages, around.channels
    )
    modes = cast("tuple[Mode, ...]", fields.choices("modes", "a mode", MODES, MODES))
    _check_modes(document, fields, modes, {treatment.channel for treatment in treatments})
    if "like_for_like" in fields and "offering" not in fields:
        document.problem(
            fields.at("like_for_like"), f"{owner} has no `offering` to compare", "add `offering:`"
        )
    like_for_like = fields.switch("like_for_like", False)
    roles = fields.choices("roles_needed", "a role", ROLES)
    cost = fields.number("cost", 0.0, at_least=0, at_most=COST_MAX)
    urgency = fields.number("urgency", 1.0, at_least=0, at_most=URGENCY_MAX)
    name, words_of_reason = fields.text("name", key), " ".join(fields.text("reason").split())
    if interest is not None:
        _check_probability(document, fields, interest)
    worth = None if value is None else around.objectives.value_of(value, purpose, around.parser, document)
    if interest is None or worth is None:
        return None

    said = {each for treatment in treatments for each in treatment.names} | set(reason_names)
    names = all_names([*(condition.expression for condition in asked), interest, worth]) | said
    _check_event_modes(document, fields, names, modes, owner)
    beyond = sorted(each for each in names if reaches_beyond(each, scope, words))
    _check_payers_known(document, owner, beyond, around)
    house = house_conditions(
        around.parser, around.house_rules, fields.at("offering"), offering=offering is not None,
        message_class=message_class, like_for_like=like_for_like, beyond_subject=bool(beyond),
    )  # fmt: skip
    if len(house) + len(asked) > CONDITIONS_MAX:
        many = len(house) + len(asked)
        document.problem(document.start, f"{owner} has {many} conditions, {CONDITIONS_MAX} allowed")
    return Action(
        key=key,
        name=name,
        purpose=purpose,
        scope=scope,
        place=document.start,
        offering=offering,
        conditions=(*house, *asked),
        interest=interest,
        value=worth,
        cost_cents=round(100 * cost),
        weight_permille=round(1000 * urgency * around.objectives.weight_of(key, purpose)),
        message_class=message_class,
        roles_needed=roles,
        # The house's conditions are left out on purpose: see `house_rules`.
        needs=whose_data(names, words, offering),
        treatments=treatments,
        modes=modes,
        reason=words_of_reason,
        reason_names=reason_names,
    )


def asked_event_fields(action: Action) -> frozenset[str]:
    """The event's names that an action asks or says."""
    names = all_names(
        [*(condition.expression for condition in action.conditions), action.interest, action.value]
    )
    said = {name for treatment in action.treatments for name in treatment.names} | set(action.reason_names)
    return frozenset(name for name in names | said if name.startswith("event."))


def _offering(document: Document, fields: Fields, around: Surroundings) -> str | None:
    offering = fields.text("offering") or None
    offers = around.parser.words.offers
    if offering is not None and offers is not None and offering not in offers:
        document.problem(
            fields.at("offering"), f"`{offering}` is not an offer of the catalogue",
            did_you_mean(offering, sorted(offers)),
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


def _check_payers_known(document: Document, owner: str, beyond: Sequence[str], around: Surroundings) -> None:
    if beyond and "household.payers" not in around.parser.words.types:
        document.problem(
            document.start, f"{owner} uses `{beyond[0]}`: whether one person pays it all is not known",
            "add `household.payers` to the feature catalogue",
        )  # fmt: skip


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
