"""What is a feature made of? Each feature's canonical columns, through its query, the views and other features.

Reads definitions; returns them with `sources` filled in. Runs nothing. Before: `files`. Neighbour: `sources.lineage`,
which goes on from the canonical columns to the silos' own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp

from hogar.stores.lineage import NOTHING, Assumed, Origins, Traced, table, trace
from hogar.stores.warehouse import read_sql
from hogar.telco.catalogue import Entity, Feature
from hogar.telco.tables import BY_NAME, TABLES

_SQL = Path(__file__).parent / "sql"
_ORDER: tuple[Entity, ...] = ("line", "person", "household")

# The tables of `households` are made by arithmetic, not by SQL: without these columns each would be empty.
_INDISPENSABLE: dict[str, tuple[str, ...]] = {
    "party_person": ("person.party_id",),
    "membership": ("person.party_id",),
    "household": ("person.party_id",),
    "line_user": ("line.line_id", "line.holder_party_id"),
    "role": ("person.party_id",),
    "adviser": ("declaration.party_id", "declaration.kind", "declaration.other_party_id"),
    "offnet": ("tie_month.line_id", "tie_month.other_line_id", "tie_month.month"),
}
_COLUMNS: dict[str, tuple[str, ...]] = {
    "party_person": ("party_id", "person_id"),
    "membership": ("person_id", "household_id", "probability"),
    "household": ("household_id", "anchor"),
    "line_user": ("line_id", "person_id", "probability"),
    "role": ("person_id", "role", "probability", "source"),
    "adviser": ("person_id", "adviser_person_id"),
    "offnet": ("number_id", "household_id", "probability", "members"),
}


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """What one feature is made of: canonical columns behind its value, those that choose its rows, other features."""

    value: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    features: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """All canonical columns, in the order of the tables."""
        return _ordered({*self.value, *self.rows})


@dataclass(frozen=True, kw_only=True)
class Traces:
    """The lineage of every feature by full name, and of the query of offers."""

    features: Mapping[str, Lineage] = field(default_factory=dict)
    tables: Mapping[str, Traced] = field(default_factory=dict)
    offers: exp.Query | None = None

    def offer_fact(self, column: str, scope: Entity, kind: str | None = None) -> Lineage:
        """What a column of `offers.sql` is made of for this scope, and for offers of one kind where it is known."""
        if self.offers is None:
            return Lineage()
        values = {} if kind is None else {("offer", "kind"): kind}
        traced = trace(self.offers, self.tables, Assumed(values=values, literals={"scope": scope}))
        return _lineage(traced.columns.get(column, NOTHING), traced.rows)


def trace_features(topics: Iterable[tuple[Entity, str, tuple[Feature, ...]]], offers: str | None) -> Traces:
    """The lineage of a project's features: topics as entity, the query's text and its features."""
    tables = dict(_given())
    found: dict[str, Lineage] = {}
    waiting = list(topics)
    for entity in _ORDER:
        id = ("line", "line_id") if entity == "line" else ("person", "party_id")
        columns: dict[str, Origins] = {"id": frozenset({id})}
        for topic, text, features in waiting:
            if topic != entity:
                continue
            traced = trace(_parsed(text), tables)
            for feature in features:
                lineage = _lineage(traced.columns.get(feature.name, NOTHING), traced.rows)
                found[feature.full_name] = lineage
                columns[feature.name] = frozenset({(f"{entity}_features", feature.name)})
        tables[f"{entity}_features"] = Traced(columns=columns)
    whole = {name: _through(name, found) for name in found}
    return Traces(
        features=whole,
        tables={**tables, **{f"{e}_features": _resolved(tables[f"{e}_features"], e, whole) for e in _ORDER}},
        offers=None if offers is None else _parsed(offers),
    )


def of_query(text: str, traces: Traces) -> Lineage:
    """The lineage of another query over the same tables: a model's target."""
    traced = trace(_parsed(text), traces.tables)
    return _lineage(NOTHING.union(*traced.columns.values()), traced.rows)


def together(parts: Sequence[Lineage], features: tuple[str, ...] = ()) -> Lineage:
    """The lineage of what is made of several things; `features` are those that it names."""
    value = {name for part in parts for name in part.value}
    rows = {name for part in parts for name in part.rows} - value
    return Lineage(value=_ordered(value), rows=_ordered(rows), features=features)


@cache
def _given() -> Mapping[str, Traced]:
    """Canonical tables, the tables of the households, and the views that stand in front of them."""
    tables = {one.name: table(one.name, tuple(column.name for column in one.columns)) for one in TABLES}
    for name, needed in _INDISPENSABLE.items():
        origins = frozenset((one.partition(".")[0], one.partition(".")[2]) for one in needed)
        tables[name] = Traced(columns=dict.fromkeys(_COLUMNS[name], origins), rows=origins)
    for name, file in (("unprofiled", "past/unprofiled.sql"), ("line_home", "line_home.sql")):
        created = sqlglot.parse_one(read_sql(_SQL / file), dialect="duckdb")
        assert isinstance(created, exp.Create), f"{file} makes a table or a view"
        tables[name] = trace(created.expression, tables)
    return tables


def _parsed(text: str) -> exp.Query:
    query = sqlglot.parse_one(text, dialect="duckdb")
    assert isinstance(query, exp.Query), "the caller has looked: it is one SELECT"
    return query


def _lineage(value: Origins, rows: Origins) -> Lineage:
    """Origins as names; a column of another feature's table is that feature."""
    named = {True: set[str](), False: set[str]()}
    features: set[str] = set()
    for chosen, origins in ((True, value), (False, rows)):
        for name, column in origins:
            if name in BY_NAME:
                named[chosen].add(f"{name}.{column}")
            elif name.endswith("_features") and column != "id":
                features.add(f"{name.removesuffix('_features')}.{column}")
    return Lineage(value=_ordered(named[True]), rows=_ordered(named[False] - named[True]),
                   features=tuple(sorted(features)))  # fmt: skip


def _through(name: str, found: Mapping[str, Lineage], seen: frozenset[str] = frozenset()) -> Lineage:
    """A feature's lineage with that of the features that it is made of."""
    own = found.get(name, Lineage())
    below = [_through(one, found, seen | {name}) for one in own.features if one not in seen]
    return together([own, *below], features=own.features)


def _resolved(features: Traced, entity: Entity, whole: Mapping[str, Lineage]) -> Traced:
    """The table of an entity's features with canonical columns behind each."""
    columns = {}
    for name, origins in features.columns.items():
        lineage = whole.get(f"{entity}.{name}")
        named = () if lineage is None else lineage.sources
        columns[name] = frozenset((one.partition(".")[0], one.partition(".")[2]) for one in named) or origins
    return Traced(columns=columns)


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    places = {f"{one.name}.{column.name}": n for n, (one, column) in
              enumerate((t, c) for t in TABLES for c in t.columns)}  # fmt: skip
    return tuple(sorted(names, key=lambda name: (places.get(name, len(places)), name)))
