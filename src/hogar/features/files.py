"""What has the operator defined? `features/*.yml` beside `*.sql`, read and held against each other.

Reads a project's folder `features`; returns the catalogue or every problem with its place. After: `compute`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from hogar.errors import Place, Problem, ProblemsFound, did_you_mean
from hogar.features.query import Query, read_query
from hogar.strategy import documents
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.fields import Fields
from hogar.telco.catalogue import ENTITIES, PURPOSES, Catalogue, Entity, Feature, FeatureType, Whose

FOLDER = "features"
OFFERS = "offers"  # features/offers.sql: what each offer means to each household, person and line
OFFER_COLUMNS = (
    "scope", "id", "offer_id", "owned", "ordered", "deliverable", "monthly_cents", "current_cents", "cost_cents",
)  # fmt: skip
_FILE_FIELDS = ("entity", "topic", "owner", "whose", "purposes", "features")
_FEATURE_FIELDS = ("type", "unit", "help", "whose", "purposes", "owner")
_TYPES: tuple[FeatureType, ...] = get_args(FeatureType)
_WHOSE: tuple[Whose, ...] = get_args(Whose)


@dataclass(frozen=True, kw_only=True)
class FeatureFile:
    """One topic of one entity: the query and the catalogue entries of its columns."""

    stem: str
    entity: Entity
    query: Query
    features: tuple[Feature, ...]


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """All that a project defines: topics in the order of entity and name, and the query of offers, if any."""

    files: tuple[FeatureFile, ...]
    offers: Query | None

    @property
    def catalogue(self) -> Catalogue:
        """Every feature by its full name."""
        return Catalogue.of([feature for file in self.files for feature in file.features])


def read_catalogue(project: Path) -> Catalogue:
    """The catalogue of a project's features. Raises `ProblemsFound` with all that is wrong in its files."""
    return read_definitions(project).catalogue


def check_features(project: Path) -> list[Problem]:
    """Every problem in a project's feature files, in no order; none where all is well."""
    return _read(project)[1]


def read_definitions(project: Path) -> Definitions:
    """Queries and catalogue of a project. Raises `ProblemsFound`."""
    definitions, problems = _read(project)
    if problems:
        raise ProblemsFound(problems)
    return definitions


def _read(project: Path) -> tuple[Definitions, list[Problem]]:
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
    files.sort(key=lambda file: (ENTITIES.index(file.entity), file.stem))
    problems += _twice(files)
    return Definitions(files=tuple(files), offers=offers), problems


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
    fields = Fields(document, document.root, f"`{stem}.yml`", _FILE_FIELDS, required=("features",))
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
    return FeatureFile(stem=stem, entity=entity, query=query, features=features)


def _feature(document: Document, key: Scalar, node: Node, default: Feature) -> Feature:
    fields = Fields(document, node, f"feature `{key.value}`", _FEATURE_FIELDS, required=("type", "help"))
    if not key.value.isidentifier() or key.value != key.value.lower():
        document.problem(key, f"`{key.value}` is no name", "small letters, digits and `_`, not a digit first")
    kind = fields.choice("type", "a type", _TYPES, "number")
    return Feature(
        entity=default.entity,
        name=key.value,
        type=next(type for type in _TYPES if type == kind),
        unit=fields.text("unit"),
        help=" ".join(fields.text("help").split()),
        purposes=fields.choices("purposes", "a purpose", PURPOSES, default.purposes),
        whose=_whose(fields, default.whose),
        owner=fields.text("owner", default.owner),
        file=default.file,
    )


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
                place = Place(file=feature.file.removesuffix(".sql") + ".yml")
                problems.append(Problem(place=place, what=f"`{feature.full_name}` is defined in {first} too"))
    return problems
