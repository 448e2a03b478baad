"""What has the operator defined? `features/*.yml` beside `*.sql`, read and held against each other.

Reads a project's folder `features`; returns the catalogue or every problem with its place. After: `compute`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import get_args

from hogar.errors import Place, Problem, ProblemsFound, did_you_mean
from hogar.features.lineage import Traces, trace_features
from hogar.features.live_files import read_live
from hogar.features.query import Query, read_query
from hogar.strategy import documents, leaves
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.fields import Fields
from hogar.strategy.shapes import TEXT, VALUE, Field, Named, number, one_of, some_of, table
from hogar.telco.catalogue import (
    ENTITIES,
    PURPOSES,
    Catalogue,
    Default,
    Entity,
    Feature,
    FeatureType,
    Whose,
)  # fmt: skip
from hogar.telco.live import Counter

FOLDER = "features"
OFFERS = "offers"  # features/offers.sql: what each offer means to each household, person and line
OFFER_COLUMNS = (
    "scope", "id", "offer_id", "owned", "ordered", "deliverable", "monthly_cents", "current_cents", "cost_cents",
)  # fmt: skip
FRESHNESS_HOURS_MAX = 24 * 366 * 10
_TYPES: tuple[FeatureType, ...] = get_args(FeatureType)
_WHOSE: tuple[Whose, ...] = get_args(Whose)
_COMMON = (
    Field("owner", TEXT, "who answers for it"),
    Field("whose", one_of(_WHOSE), "whose private data it is"),
    Field("purposes", some_of(PURPOSES), "what it may serve"),
    Field("freshness_hours", number(1, FRESHNESS_HOURS_MAX), "older than this it is stale"),
)
FEATURE = table(
    Field("type", one_of(_TYPES), "its type", required=True),
    Field("help", TEXT, "what it says, in one line", required=True),
    Field("unit", TEXT, "in which unit"),
    Field("default", VALUE, "what takes the place of an unknown value"),
    *_COMMON,
    help="one column of the query beside this file",
)
FEATURES = table(
    Field("features", Named(value=FEATURE), "the columns of the query", required=True),
    Field("entity", one_of(ENTITIES), "whom they describe; left out: as the file's name begins"),
    Field("topic", TEXT, "what they are about"),
    *_COMMON,
    help="what the columns of a query of features are: one file beside each `.sql`",
)


@dataclass(frozen=True, kw_only=True)
class FeatureFile:
    """One topic of one entity: the query and the catalogue entries of its columns, and where each is described.

    A file of live counters is a topic too, whose query is made of its `counters`.
    """

    stem: str
    entity: Entity
    query: Query
    features: tuple[Feature, ...]
    places: Mapping[str, Place] = field(default_factory=dict)
    counters: tuple[Counter, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The full names of its features."""
        return frozenset(feature.full_name for feature in self.features)


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """All that a project defines: topics in the order of entity and name, the query of offers, if any, and lineage."""

    files: tuple[FeatureFile, ...]
    offers: Query | None
    traces: Traces = field(default_factory=Traces)

    @property
    def catalogue(self) -> Catalogue:
        """Every feature by its full name."""
        return Catalogue.of([feature for file in self.files for feature in file.features])

    @property
    def counters(self) -> tuple[Counter, ...]:
        """Every live counter, in the order of the files."""
        return tuple(counter for file in self.files for counter in file.counters)


def read_catalogue(project: Path) -> Catalogue:
    """The catalogue of a project's features. Raises `ProblemsFound` with all that is wrong in its files."""
    return read_definitions(project).catalogue


def read_definitions(project: Path) -> Definitions:
    """Queries and catalogue of a project. Raises `ProblemsFound`."""
    definitions, problems = read_all(project)
    if problems:
        raise ProblemsFound(problems)
    return definitions


def read_all(project: Path) -> tuple[Definitions, list[Problem]]:
    """What can be read of a project's feature files, and every problem in them, in no order."""
    folder = project / FOLDER
    problems: list[Problem] = []
    files: list[FeatureFile] = []
    offers: Query | None = None
    queries = {path.stem: path for path in sorted(folder.glob("*.sql"))}
    entries = {path.stem: path for path in sorted(folder.glob("*.yml"))}
    if not queries:
        problems.append(
            Problem(place=Place(file=FOLDER), what="holds no `.sql` file", cure="write one SELECT a topic")
        )
    for stem in sorted(entries.keys() - queries.keys()):
        cure = did_you_mean(stem, sorted(queries))
        problems.append(
            Problem(
                place=Place(file=f"{FOLDER}/{stem}.yml"), what=f"has no `{stem}.sql` beside it", cure=cure
            )
        )
    for stem, path in queries.items():
        name = f"{FOLDER}/{path.name}"
        query, found = read_query(name, path.read_text(encoding="utf-8", errors="replace"))
        if stem == OFFERS:
            found = [] if query is None else _offer_problems(name, query, found)
            offers = query
        elif stem not in entries:
            place = Place(file=name)
            found.append(Problem(place=place, what="is not described", cure=f"write `{stem}.yml` beside it"))
        else:
            document = documents.read(f"{FOLDER}/{stem}.yml", entries[stem].read_bytes())
            file = _file(document, stem, query)
            found += document.problems
            if file is not None:
                files.append(file)
        problems += found
    live, found = read_live(project)
    problems += found
    files += [
        FeatureFile(stem=one.stem, entity=one.entity, query=one.query, features=one.features,
                    places=one.places, counters=one.counters)
        for one in live
    ]  # fmt: skip
    files.sort(key=lambda file: (ENTITIES.index(file.entity), file.stem))
    problems += _twice(files)
    return _traced(files, offers), problems


def _traced(files: list[FeatureFile], offers: Query | None) -> Definitions:
    """The files with each feature's sources, by the lineage of their queries."""
    topics = [(file.entity, file.query.text, file.features) for file in files]
    traces = trace_features(topics, offers.text if offers is not None else None)
    whole = [
        replace(file, features=tuple(
            replace(feature, sources=traces.features[feature.full_name].sources) for feature in file.features
        ))
        for file in files
    ]  # fmt: skip
    return Definitions(files=tuple(whole), offers=offers, traces=traces)


def _offer_problems(name: str, query: Query, found: list[Problem]) -> list[Problem]:
    kept = [problem for problem in found if "first column" not in problem.cure]
    if query.columns != OFFER_COLUMNS:
        wanted = ", ".join(f"`{column}`" for column in OFFER_COLUMNS)
        kept.append(
            Problem(place=Place(file=name), what="gives other columns than it must", cure=f"give {wanted}")
        )
    return kept


def _file(document: Document, stem: str, query: Query | None) -> FeatureFile | None:
    """One `.yml` file held against its query; None where the query cannot be read."""
    fields = Fields(document, document.root, f"`{stem}.yml`", FEATURES)
    fields.text("topic")
    prefix = stem.partition("_")[0]
    entity = _entity(fields, prefix, stem)
    default = Feature(
        entity=entity,
        name="",
        type="number",
        whose=_whose(fields, "person"),
        purposes=fields.choices("purposes", "a purpose", PURPOSES, ("marketing", "care")),
        owner=fields.text("owner"),
        file=f"{FOLDER}/{stem}.sql",
        freshness_hours=_freshness(fields, None),
    )
    described = {
        key.value: _feature(document, key, node, default) for key, node in fields.entries("features")
    }
    if query is None:
        return None
    columns = [column for column in query.columns if column != "id"]
    keys = {key.value: key for key, _ in fields.entries("features")}
    for name in sorted(described.keys() - set(columns)):
        document.problem(keys[name], f"`{name}` is no column of `{stem}.sql`", did_you_mean(name, columns))
    for column in columns:
        if column not in described:
            document.problem(fields.at("features"), f"the column `{column}` of `{stem}.sql` is not described",
                             f"add `{column}:` below `features:`")  # fmt: skip
    features = tuple(described[column] for column in columns if column in described)
    places = {name: key.place for name, key in keys.items()}
    return FeatureFile(stem=stem, entity=entity, query=query, features=features, places=places)


def _feature(document: Document, key: Scalar, node: Node, default: Feature) -> Feature:
    fields = Fields(document, node, f"feature `{key.value}`", FEATURE)
    if not key.value.isidentifier() or key.value != key.value.lower():
        document.problem(key, f"`{key.value}` is no name", "small letters, digits and `_`, not a digit first")
    chosen = fields.choice("type", "a type", _TYPES, "number")
    kind = next(type for type in _TYPES if type == chosen)
    return Feature(
        entity=default.entity,
        name=key.value,
        type=kind,
        unit=fields.text("unit"),
        help=" ".join(fields.text("help").split()),
        purposes=fields.choices("purposes", "a purpose", PURPOSES, default.purposes),
        whose=_whose(fields, default.whose),
        owner=fields.text("owner", default.owner),
        file=default.file,
        freshness_hours=_freshness(fields, default.freshness_hours),
        default=_default(fields, kind),
    )


def _freshness(fields: Fields, default: float | None) -> float | None:
    if "freshness_hours" not in fields:
        return default
    return fields.number("freshness_hours", 0.0) or default


def _default(fields: Fields, kind: FeatureType) -> Default:
    """What takes the place of an unknown value: of the feature's own type, or a problem."""
    node = fields.node("default")
    if node is None:
        return None
    if kind == "boolean":
        return leaves.switch(fields.document, node, "`default`")
    if kind == "number":
        return leaves.number(fields.document, node, "`default`")
    text = leaves.text(fields.document, node, "`default`")
    if kind == "date" and text is not None:
        try:
            date.fromisoformat(text)
        except ValueError:
            fields.document.problem(node, f"`{text}` is not a date", "write it as 2026-03-02")
            return None
    return text


def _entity(fields: Fields, prefix: str, stem: str) -> Entity:
    known = prefix if prefix in ENTITIES else "household"
    if "entity" not in fields and prefix not in ENTITIES:
        fields.document.problem(
            fields.place, f"`{stem}` does not say of which entity it speaks",
            "begin the file's name with `household_`, `person_` or `line_`, or write `entity:`",
        )  # fmt: skip
    chosen = fields.choice("entity", "an entity", ENTITIES, known)
    return next(entity for entity in ENTITIES if entity == chosen)


def _whose(fields: Fields, default: Whose) -> Whose:
    chosen = fields.choice("whose", "an answer to whose data it is", _WHOSE, default)
    return next(whose for whose in _WHOSE if whose == chosen)


def _twice(files: list[FeatureFile]) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for file in files:
        for feature in file.features:
            first = seen.setdefault(feature.full_name, feature.file)
            if first != feature.file:
                place = Place(file=feature.file.removesuffix(".sql").removesuffix(".yml") + ".yml")
                problems.append(Problem(place=place, what=f"`{feature.full_name}` is defined in {first} too"))
    return problems
