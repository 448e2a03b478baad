"""What do authors expect of their own strategy? `tests/*.yml`: a home in a moment, and what must come of it.

A case is one household of one adult, who uses and pays one line and holds every role, allowed every channel: so
that a case is about the strategy alone. Features that a case does not write are unknown. Reads a file's text, the
strategy and the catalogue; whoever runs the cases lays them out for the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast, get_args

from hogar.errors import Place, ProblemsFound, did_you_mean
from hogar.strategy import leaves
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.documents import Mapping as MappingNode
from hogar.strategy.documents import read as read_document
from hogar.strategy.fields import Fields
from hogar.strategy.names import ACTION_FACTS
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import Catalogue, Entity, FeatureType
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, OUTBOUND_CHANNELS, Mode

Value = float | str | bool
CASES_MAX = 2_000
FACTS: dict[str, FeatureType] = {
    name.partition(".")[2]: type_
    for name, (type_, _) in ACTION_FACTS.items()
    if name not in ("action.saving_eur", "action.extra_eur")  # they follow from current_eur and cost_eur
}
_FIELDS = (
    "name", "now", "household", "person", "line", "scores", "offers", "mode", "channel", "reason", "trigger", "event",
    "campaign", "expect",
)  # fmt: skip
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case. `values` by full name (dates as days since 1970-01-01), `offers` by id and fact, money in euros.

    Expected is one of: `action` is proposed; `excluded` is not, `because` of a condition's kind or another reason's
    name ("" for whatever reason); with neither, nothing is proposed at all.
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
    action: str | None
    excluded: str | None
    because: str


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
    fields = Fields(document, node, f"case {number + 1}", _FIELDS, ("name", "mode", "expect"))
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
    event = _values(document, fields.node("event"), "event.", events, "a field of an event")
    reason = fields.text("reason")
    context = {"channel": channels[0]} if mode == "inbound" and channels else {}
    action, excluded, because = _expected(document, fields, [each.key for each in strategy.actions])
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
        action=action,
        excluded=excluded,
        because=because,
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


def _expected(document: Document, fields: Fields, keys: list[str]) -> tuple[str | None, str | None, str]:
    """(proposed action, excluded action, because)."""
    node = fields.node("expect")
    if node is None or (isinstance(node, Scalar) and node.value == "nothing"):
        return None, None, ""
    if isinstance(node, Scalar):
        document.problem(node, f"`{node.value}` is not an expectation", _HOW_TO_EXPECT)
        return None, None, ""
    expect = Fields(document, node, "`expect`", ("action", "excluded", "because"))
    if ("action" in expect) == ("excluded" in expect) or ("because" in expect and "excluded" not in expect):
        document.problem(node, "an expectation names an `action` or one that is `excluded`", _HOW_TO_EXPECT)
    action = expect.choice("action", "an action", keys, "")
    excluded = expect.choice("excluded", "an action", keys, "")
    return action or None, excluded or None, expect.text("because")


def _features(
    document: Document, fields: Fields, field: str, namespace: str, catalogue: Catalogue
) -> dict[str, Value]:
    types = {
        name: feature.type for name, feature in catalogue.features.items() if name.startswith(f"{namespace}.")
    }
    what = "a score" if namespace == "score" else f"a feature of a {cast(Entity, namespace)}"
    return _values(document, fields.node(field), f"{namespace}.", types, what)


def _offers(document: Document, fields: Fields, offerings: set[str]) -> dict[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = {}
    for key, node in fields.entries("offers"):
        if key.value not in offerings:
            cure = did_you_mean(key.value, sorted(offerings))
            document.problem(key, f"`{key.value}` is not the offering of any action", cure)
            continue
        found[key.value] = _values(document, node, "", FACTS, "a fact about an offer")
    return found


def _values(
    document: Document, node: Node | None, prefix: str, types: Mapping[str, FeatureType], what: str
) -> dict[str, Value]:
    """The values of a mapping by full name; `~` leaves one unknown."""
    found: dict[str, Value] = {}
    if node is None or leaves.is_empty(node):
        return found
    known = [name.removeprefix(prefix) for name in types]
    for key, value in node.items if isinstance(node, MappingNode) else leaves.entries(document, node, what):
        name = f"{prefix}{key.value}"
        if name not in types:
            document.problem(key, f"`{key.value}` is not {what}", did_you_mean(key.value, known))
        elif not leaves.is_empty(value):
            typed = _value(document, value, key.value, types[name])
            if typed is not None:
                found[name] = typed
    return found


def _value(document: Document, node: Node, name: str, type_: FeatureType) -> Value | None:
    if type_ == "number":
        return leaves.number(document, node, f"`{name}`")
    if type_ == "boolean":
        return leaves.switch(document, node, f"`{name}`")
    text = leaves.text(document, node, f"`{name}`")
    if text is None or type_ == "text":
        return text
    try:
        return float((date.fromisoformat(text) - _EPOCH).days)
    except ValueError:
        document.problem(node, f"`{name}` must be a date such as 2026-03-02, not `{text}`")
        return None


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
