"""Which live counters has the operator defined? `features/live/*.yml`, read and checked.

Reads a project's folder; returns each file's counters with their batch meaning as a query and their entries for the
catalogue, or every problem with its place. Before: `files`, which puts them beside the topics.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from hogar.errors import Place, Problem, did_you_mean
from hogar.features.live_query import live_query
from hogar.features.query import Query
from hogar.strategy import documents
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.expressions import Parser
from hogar.strategy.fields import Fields
from hogar.strategy.names import Allowed, Vocabulary
from hogar.strategy.shapes import (
    EXPRESSION,
    TEXT,
    VALUE,
    Field,
    Listed,
    Named,
    matching,
    one_of,
    some_of,
    table,
)
from hogar.telco.catalogue import ENTITIES, Entity, Feature, FeatureType, Whose
from hogar.telco.live import CONSENTS, FOLDS, Consent, Counter, Fold

FOLDER = "features/live"
PURPOSES = ("marketing", "care")  # what happened to a person is no fact of a contract
FIELD_TYPES: tuple[FeatureType, ...] = ("number", "text", "boolean")
EVENTS = "events"
HOURS_MAX = 366 * 24
_WHOSE: tuple[Whose, ...] = ("person", "payer", "aggregate", "nobody")
_EVENT = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OVER = re.compile(r"([1-9]\d{0,4}) (hours?|days?)")

_FOLD_OF = {
    "count": Field("count", one_of((EVENTS,)), "how many events there were"),
    "sum": Field("sum", TEXT, "the sum of this field"),
    "last": Field("last", TEXT, "the latest value of this field"),
    "max": Field("max", TEXT, "the largest value of this field"),
    "distinct": Field("distinct", TEXT, "how many different values this field had"),
}
COUNTER = table(
    Field("event", matching(_EVENT.pattern), "the CloudEvents type that is counted", required=True),
    Field("over", matching(_OVER.pattern), "the window: `24 hours`, `14 days`", required=True),
    Field("help", TEXT, "what it says, in one line", required=True),
    *(_FOLD_OF[fold] for fold in FOLDS),
    Field("when", EXPRESSION, "which events count: an expression over `event.*`"),
    Field("one_of", Listed(item=TEXT), "the texts that a last text may be"),
    Field("default", VALUE, "what takes the place of an unknown value"),
    Field("unit", TEXT, "in which unit"),
    help="one counter: exactly one of the five folds",
)
LIVE = table(
    Field("entity", one_of(ENTITIES), "whom the counters describe", required=True),
    Field("counters", Named(value=COUNTER, pattern=_NAME.pattern), "the counters by name", required=True),
    Field("topic", TEXT, "what they are about"),
    Field("owner", TEXT, "who answers for them"),
    Field("whose", one_of(_WHOSE), "whose private data they are"),
    Field("purposes", some_of(PURPOSES), "what they may serve"),
    Field("consent", one_of(CONSENTS[1:]), "without which no event is kept"),
    Field(
        "fields",
        Named(value=one_of(FIELD_TYPES), pattern=_NAME.pattern),
        "the fields of events that are read",
    ),
    help="counters that are kept from events",
)


@dataclass(frozen=True, kw_only=True)
class LiveFile:
    """One file of counters of one entity: their query as of a day, and their entries in the catalogue with places."""

    stem: str
    entity: Entity
    query: Query
    counters: tuple[Counter, ...]
    features: tuple[Feature, ...]
    places: Mapping[str, Place]


def read_live(project: Path) -> tuple[list[LiveFile], list[Problem]]:
    """Every file of counters that can be read, and every problem of all of them."""
    files: list[LiveFile] = []
    problems: list[Problem] = []
    for path in sorted((project / FOLDER).iterdir()) if (project / FOLDER).is_dir() else ():
        name = f"{FOLDER}/{path.name}"
        if path.suffix not in (".yml", ".yaml"):
            cure = "a counter's SQL is made from its description; keep the `.yml` only"
            problems.append(Problem(place=Place(file=name), what="is no file of counters", cure=cure))
            continue
        document = documents.read(name, path.read_bytes())
        file = _file(document, path.stem)
        problems += document.problems
        if not document.problems:
            files.append(file)
    return files, problems


def _file(document: Document, stem: str) -> LiveFile:
    fields = Fields(document, document.root, f"`live/{stem}.yml`", LIVE)
    entity = cast(Entity, fields.choice("entity", "an entity", ENTITIES, "person"))
    fields.text("topic")
    types = _types(document, fields)
    first = Feature(
        entity=entity, name="", type="number", owner=fields.text("owner"), file=document.file, live=True,
        whose=cast(Whose, fields.choice("whose", "an answer to whose data it is", _WHOSE, "person")),
        purposes=fields.choices("purposes", "a purpose that a counter may serve", PURPOSES, PURPOSES),
    )  # fmt: skip
    consent = cast(Consent, fields.choice("consent", "a consent that events may need", CONSENTS[1:], ""))
    counters: list[Counter] = []
    features: list[Feature] = []
    for key, node in fields.entries("counters"):
        counter, said = _counter(document, key, node, entity, consent, types)
        counters.append(counter)
        features.append(
            Feature(
                entity=entity,
                name=counter.name,
                type=counter.type,
                unit=said.text("unit"),
                help=" ".join(said.text("help").split()),
                purposes=first.purposes,
                whose=first.whose,
                owner=first.owner,
                file=first.file,
                live=True,
                default=counter.default,
            )
        )
    if not counters and "counters" in fields:
        document.problem(fields.at("counters"), "there is no counter", "name at least one")
    return LiveFile(
        stem=f"live/{stem}", entity=entity, query=live_query(entity, counters), counters=tuple(counters),
        features=tuple(features), places={key.value: key.place for key, _ in fields.entries("counters")},
    )  # fmt: skip


def _types(document: Document, fields: Fields) -> dict[str, FeatureType]:
    """The fields of events that are read here, and what they are."""
    types: dict[str, FeatureType] = {}
    pairs = fields.entries("fields")
    said = Fields(document, fields.node("fields"), "`fields`", [key.value for key, _ in pairs])
    for key, _ in pairs:
        if not _is_name(key.value):
            document.problem(key, f"`{key.value}` is not a name for a field", "small letters, digits and `_`")
        types[key.value] = cast(
            FeatureType, said.choice(key.value, "a type of a field", FIELD_TYPES, "number")
        )
    return types


def _counter(
    document: Document,
    key: Scalar,
    node: Node,
    entity: Entity,
    consent: Consent,
    types: dict[str, FeatureType],
) -> tuple[Counter, Fields]:
    owner = f"counter `{key.value}`"
    fields = Fields(document, node, owner, COUNTER)
    if not _is_name(key.value):
        document.problem(key, f"`{key.value}` is no name", "small letters, digits and `_`, not a digit first")
    event = fields.text("event")
    if event and not _EVENT.fullmatch(event):
        document.problem(
            fields.at("event"), f"`{event}` is not an event type", "such as `com.acme.web.v1.visited`"
        )
    fold, of = _fold(fields, types)
    kind: FeatureType = types.get(of, "number") if fold == "last" else "number"
    return Counter(
        entity=entity, name=key.value, event=event, fold=fold, hours=_hours(fields), type=kind, of=of,
        when=_when(fields, types), fields=tuple(sorted(types.items())), consent=consent,
        one_of=_one_of(fields, fold, kind), default=_default(fields, kind),
    ), fields  # fmt: skip


def _fold(fields: Fields, types: dict[str, FeatureType]) -> tuple[Fold, str]:
    """Which of the five, and of which field."""
    named = [fold for fold in FOLDS if fold in fields]
    document = fields.document
    if len(named) != 1:
        found = " and ".join(f"`{fold}`" for fold in named) or "nothing"
        cure = "give one of `count: events`, `sum: FIELD`, `last: FIELD`, `max: FIELD`, `distinct: FIELD`"
        document.problem(fields.place, f"{fields.owner} folds by {found}", cure)
        return "count", ""
    fold = named[0]
    of = fields.text(fold)
    if fold == "count":
        if of and of != EVENTS:
            document.problem(fields.at(fold), f"`count: {of}` counts no field",
                             f"write `count: {EVENTS}`, or `distinct: {of}` for its different values")  # fmt: skip
        return fold, ""
    if of and of not in types:
        cure = did_you_mean(of, sorted(types)) or f"add `{of}: number` below `fields:`"
        document.problem(fields.at(fold), f"`{of}` is not a field of events here", cure)
    elif of and fold in ("sum", "max") and types[of] != "number":
        document.problem(fields.at(fold), f"`{of}` is a {types[of]}, and `{fold}` is of numbers")
    return fold, of


def _hours(fields: Fields) -> int:
    text = fields.text("over")
    found = _OVER.fullmatch(text)
    if found is None:
        if text:
            fields.document.problem(
                fields.at("over"), f"`{text}` is no window", "such as `24 hours` or `14 days`"
            )
        return 1
    hours = int(found[1]) * (24 if found[2].startswith("day") else 1)
    if hours > HOURS_MAX:
        fields.document.problem(fields.at("over"), f"`{text}` is too long a window", "at most 366 days")
    return hours


def _when(fields: Fields, types: dict[str, FeatureType]) -> str:
    node = fields.node("when")
    if node is None:
        return ""
    names = {f"event.{name}": type_ for name, type_ in types.items()}
    words = Vocabulary(types=names, whose={}, entities={}, purposes={}, offers=None)
    allowed = Allowed(owner=fields.owner, scope=None, fields=frozenset(names))
    found = Parser(words).expression(fields.document, node, "boolean", allowed)
    return "" if found is None else found.text


def _one_of(fields: Fields, fold: Fold, kind: FeatureType) -> tuple[str, ...]:
    """The texts that a last text may be: a published version has a place for each."""
    words = []
    for node in fields.elements("one_of"):
        if isinstance(node, Scalar) and node.value.strip():
            words.append(node.value)
        else:
            fields.document.problem(node, "must be a text that is not empty")
    if fold == "last" and kind == "text" and not words:
        fields.document.problem(
            fields.place, f"{fields.owner} does not say which texts there are", "add `one_of: [...]`"
        )
    if words and not (fold == "last" and kind == "text"):
        fields.document.problem(fields.at("one_of"), f"{fields.owner} is no last text", "leave `one_of` out")
    return tuple(sorted(set(words)))


def _default(fields: Fields, kind: FeatureType) -> float | str | bool | None:
    if "default" not in fields:
        return None
    if kind == "number":
        return fields.number("default", 0.0)
    if kind == "boolean":
        return fields.switch("default", False)
    words = [node.value for node in fields.elements("one_of") if isinstance(node, Scalar)]
    return fields.choice("default", "one of the texts that there are", words, "") or None


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None
