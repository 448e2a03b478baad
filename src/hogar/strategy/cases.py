"""What do authors expect of their own strategy? `tests/*.yml`: a home in a moment, and what must come of it.

A case is one household of one adult, who uses and pays one line and holds every role, allowed every channel: so
that a case is about the strategy alone. `who` and `others` say it otherwise (see `case_people`). Features that a
case does not write are unknown. Reads a file's text, the strategy and the catalogue; whoever runs the cases lays
them out for the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args

from hogar.errors import Place, ProblemsFound, did_you_mean
from hogar.strategy import leaves
from hogar.strategy.case_people import CONTACT, OTHER, WHO, Contact, Person, read_contacts, read_people
from hogar.strategy.case_values import Value, read_values
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.documents import read as read_document
from hogar.strategy.fields import Fields
from hogar.strategy.names import ACTION_FACTS
from hogar.strategy.shapes import TEXT, VALUE, Either, Field, Listed, Named, name_of, one_of, table
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import Catalogue, Entity, FeatureType
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, OUTBOUND_CHANNELS, Mode
from hogar.telco.roles import ROLES

CASES_MAX = 2_000
FACTS: dict[str, FeatureType] = {
    name.partition(".")[2]: type_
    for name, (type_, _) in ACTION_FACTS.items()
    if name not in ("action.saving_eur", "action.extra_eur")  # they follow from current_eur and cost_eur
}
_EXPECT = table(
    Field("action", name_of("action"), "this action is proposed"),
    Field("recipient", TEXT, "to this one: `the person`, or the name of another one"),
    Field("role", one_of(ROLES), "in the words for this role"),
    Field("channel", one_of(CHANNELS), "through this channel"),
    Field("excluded", name_of("action"), "this action is not proposed"),
    Field("because", TEXT, "the kind of condition, or another reason's name"),
)
_CASE = table(
    Field("name", TEXT, "a sentence that says what is expected", required=True),
    Field("now", TEXT, "the moment, with its zone: 2026-03-02T09:00:00Z"),
    Field("household", Named(value=VALUE, known="household", closed=True), "features by name; `~` is unknown"),
    Field("person", Named(value=VALUE, known="person", closed=True), "features by name; `~` is unknown"),
    Field("line", Named(value=VALUE, known="line", closed=True), "features by name; `~` is unknown"),
    Field("scores", Named(value=VALUE, known="score", closed=True), "scores by the model's name"),
    Field(
        "offers", Named(value=Named(value=VALUE, options=tuple(FACTS)), known="offering", closed=True),
        "for each offering its facts, money in euros",
    ),
    Field("who", WHO, "the person, where something is otherwise"),
    Field("others", Listed(item=OTHER), "who else lives there"),
    Field("contacts", Listed(item=CONTACT), "what was said to them before"),
    Field("mode", one_of(get_args(Mode)), "how it comes to a decision", required=True),
    Field("channel", one_of(INBOUND_CHANNELS), "inbound: where the customer is"),
    Field("reason", TEXT, "inbound: why the customer came"),
    Field("trigger", name_of("trigger"), "triggered: which trigger"),
    Field("event", Named(value=VALUE), "triggered: the fields of the event"),
    Field("campaign", name_of("campaign"), "campaign: which one"),
    Field("expect", Either(forms=(one_of(("nothing",)), _EXPECT)), "what must come of it", required=True),
)  # fmt: skip
CASES = Listed(item=_CASE)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must come of a case, one of: `action` is proposed first (to `recipient`, in the words for `role`, through
    `channel`, where these are said); `excluded` is not proposed, `because` of a condition's kind or another reason's
    name ("" for whatever reason); with neither, nothing is proposed at all."""

    action: str | None = None
    recipient: str = ""
    role: str = ""
    channel: str = ""
    excluded: str | None = None
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case. `values` by full name (dates as days since 1970-01-01), `offers` by id and fact, money in euros.

    The first of `people` is the person, to whom `values` of a person belong.
    """

    name: str
    place: Place
    now: datetime | None
    values: Mapping[str, Value]
    offers: Mapping[str, Mapping[str, Value]]
    mode: Mode
    channels: tuple[str, ...]
    actions: tuple[str, ...] | None
    event: Mapping[str, Value]
    context: Mapping[str, str]
    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    expected: Expected


def read(file: str, content: str | bytes, strategy: Strategy, catalogue: Catalogue) -> tuple[Case, ...]:
    """The cases of one file of `tests/`. Raises ProblemsFound with everything that is wrong in it."""
    document = read_document(file, content)
    items: tuple[Node, ...] = ()
    if document.root is not None and not leaves.is_empty(document.root):
        items = leaves.elements(document, document.root, "a list of cases")
    elif not document.problems:
        document.problem(document.start, "there is no case in the file", "see docs/strategy.md")
    if len(items) > CASES_MAX:
        document.problem(document.start, f"holds {len(items)} cases, {CASES_MAX} allowed", "split the file")
    cases = [
        _case(document, node, number, strategy, catalogue) for number, node in enumerate(items[:CASES_MAX])
    ]
    seen: dict[str, Place] = {}
    for case in cases:
        if seen.setdefault(case.name, case.place) != case.place:
            document.problem(case.place, f"two cases are called `{case.name}`", "give each its own name")
    if document.problems:
        raise ProblemsFound(document.problems)
    return tuple(cases)


def _case(document: Document, node: Node, number: int, strategy: Strategy, catalogue: Catalogue) -> Case:
    fields = Fields(document, node, f"case {number + 1}", _CASE)
    mode = cast(Mode, fields.choice("mode", "a mode", get_args(Mode), "inbound"))
    values: dict[str, Value] = {}
    for field, entity in (
        ("household", "household"),
        ("person", "person"),
        ("line", "line"),
        ("scores", "score"),
    ):
        values |= _features(document, fields, field, entity, catalogue)
    channels, actions = _asked(document, fields, mode, strategy)
    events = {name: type_ for name, type_ in strategy.event_fields.items() if name.startswith("event.")}
    event = read_values(document, fields.node("event"), "event.", events, "a field of an event")
    reason = fields.text("reason")
    context = {"channel": channels[0]} if mode == "inbound" and channels else {}
    people = read_people(document, fields.node("who"), fields.elements("others"))
    expected = _expected(document, fields, [each.key for each in strategy.actions], people)
    return Case(
        name=fields.text("name", f"case {number + 1}"),
        place=fields.place,
        now=_moment(document, fields),
        values=values,
        offers=_offers(document, fields, {each.offering for each in strategy.actions if each.offering}),
        mode=mode,
        channels=channels,
        actions=actions,
        event={name.partition(".")[2]: value for name, value in event.items()},
        context=context | ({"reason": reason} if reason else {}),
        people=people,
        contacts=read_contacts(document, fields.elements("contacts"), people, strategy.actions),
        expected=expected,
    )


def _asked(
    document: Document, fields: Fields, mode: Mode, strategy: Strategy
) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """The channels and actions that are asked for: a channel inbound, else those of a trigger or campaign."""
    field = {"inbound": "channel", "campaign": "campaign", "triggered": "trigger"}[mode]
    for other in ("channel", "campaign", "trigger"):
        if other != field and other in fields:
            document.problem(
                fields.at(other), f"`{other}` does not go with mode `{mode}`", f"write `{field}`"
            )
    if field not in fields:
        document.problem(fields.place, f"mode `{mode}` needs a `{field}`", f"add `{field}:`")
        return INBOUND_CHANNELS if mode == "inbound" else OUTBOUND_CHANNELS, None
    if mode == "inbound":
        channel = fields.choice("channel", "a channel that customers open", INBOUND_CHANNELS, "web")
        return (channel,), None
    named = {each.name: each for each in (strategy.campaigns if mode == "campaign" else strategy.triggers)}
    name = fields.choice(field, f"a {field}", sorted(named), "")
    return (named[name].channels, named[name].actions) if name else (CHANNELS, None)


def _expected(document: Document, fields: Fields, keys: list[str], people: tuple[Person, ...]) -> Expected:
    node = fields.node("expect")
    if node is None or (isinstance(node, Scalar) and node.value == "nothing"):
        return Expected()
    if isinstance(node, Scalar):
        document.problem(node, f"`{node.value}` is not an expectation", _HOW_TO_EXPECT)
        return Expected()
    expect = Fields(document, node, "`expect`", _EXPECT)
    if ("action" in expect) == ("excluded" in expect) or ("because" in expect and "excluded" not in expect):
        document.problem(node, "an expectation names an `action` or one that is `excluded`", _HOW_TO_EXPECT)
    for name in ("recipient", "role", "channel"):
        if name in expect and "action" not in expect:
            document.problem(expect.at(name), f"`{name}` goes with an `action` only", _HOW_TO_EXPECT)
    return Expected(
        action=expect.choice("action", "an action", keys, "") or None,
        recipient=expect.choice("recipient", "somebody of this case", [each.name for each in people], ""),
        role=expect.choice("role", "a role", ROLES, ""),
        channel=expect.choice("channel", "a channel", CHANNELS, ""),
        excluded=expect.choice("excluded", "an action", keys, "") or None,
        because=expect.text("because"),
    )


def _features(
    document: Document, fields: Fields, field: str, namespace: str, catalogue: Catalogue
) -> dict[str, Value]:
    types = {
        name: feature.type for name, feature in catalogue.features.items() if name.startswith(f"{namespace}.")
    }
    what = "a score" if namespace == "score" else f"a feature of a {cast(Entity, namespace)}"
    return read_values(document, fields.node(field), f"{namespace}.", types, what)


def _offers(document: Document, fields: Fields, offerings: set[str]) -> dict[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = {}
    for key, node in fields.entries("offers"):
        if key.value not in offerings:
            cure = did_you_mean(key.value, sorted(offerings))
            document.problem(key, f"`{key.value}` is not the offering of any action", cure)
            continue
        found[key.value] = read_values(document, node, "", FACTS, "a fact about an offer")
    return found


def _moment(document: Document, fields: Fields) -> datetime | None:
    text = fields.text("now")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        document.problem(
            fields.at("now"), f"`{text}` is not a moment with its zone", "such as 2026-03-02T09:00:00Z"
        )
        return None
    return moment


_HOW_TO_EXPECT = "write `{action: key}`, `{excluded: key, because: kind}` or `nothing`"
