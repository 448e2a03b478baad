"""Which numbers do we have for whom? One query a topic, joined by id: a row for every household, person, line.

Order: living lines with their people → lines → persons → households → offers; a later query may read the tables
of the earlier ones as `line_features`, `person_features`, `household_features`, so that a number is defined once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from hogar.errors import HogarError
from hogar.features.files import FOLDER, OFFER_COLUMNS, OFFERS, Definitions, FeatureFile, read_definitions
from hogar.features.past import everybody, line_home, past, unprofiled
from hogar.features.query import Query
from hogar.features.saved import save_catalogue
from hogar.telco.catalogue import Entity, Feature, FeatureType

Progress = Callable[[str], object]

_ORDER: tuple[Entity, ...] = ("line", "person", "household")
_TYPES: dict[FeatureType, pl.DataType] = {
    "boolean": pl.Boolean(), "number": pl.Float64(), "text": pl.String(), "date": pl.Date(),
}  # fmt: skip
_OFFER_TYPES: dict[str, pl.DataType] = dict(
    zip(OFFER_COLUMNS, [pl.String()] * 3 + [pl.Boolean()] * 3 + [pl.Int64()] * 3, strict=True)
)


class FeatureError(HogarError):
    """A feature query cannot be run."""


@dataclass(frozen=True, kw_only=True)
class FeaturesReport:
    """What was computed: the day, how many of each entity, how many features, rows of offers."""

    as_of: str
    households: int
    persons: int
    lines: int
    features: int
    offers: int


def compute(
    *,
    con: duckdb.DuckDBPyConnection,
    project: Path,
    as_of: date,
    out: Path,
    progress: Progress | None = None,
) -> FeaturesReport:
    """Compute all features of a project as of the day of its extract and write them into the folder `out`.

    `con` has the canonical tables (behind the consent gate) and the tables of `households` as views. Writes
    `household.parquet`, `person.parquet`, `line.parquet` (`id`, then one column a feature), `offers.parquet`,
    `line_home.parquet`, `unprofiled.parquet` and `catalogue.json`. Raises `ProblemsFound` for broken files,
    `FeatureError` where a query fails on the data.
    """
    definitions = read_definitions(project)
    out.mkdir(parents=True, exist_ok=True)
    with past(con, as_of, extracted=as_of):
        tables = _entities(con, definitions, as_of, progress)
        offers = _offers(con, definitions.offers, as_of, progress)
        people = {"line_home": line_home(con), "unprofiled": unprofiled(con)}
    for name, table in {**tables, **people, "offers": offers}.items():
        table.write_parquet(out / f"{name}.parquet")
    save_catalogue(out, definitions.catalogue)
    return FeaturesReport(
        as_of=as_of.isoformat(), households=len(tables["household"]), persons=len(tables["person"]),
        lines=len(tables["line"]), features=len(definitions.catalogue.features), offers=len(offers),
    )  # fmt: skip


def compute_entities(
    *,
    con: duckdb.DuckDBPyConnection,
    project: Path,
    as_of: date,
    extracted: date,
    progress: Progress | None = None,
) -> dict[str, pl.DataFrame]:
    """The features by entity as they stood on an earlier day, for training; also `line_home` and `unprofiled`.

    Sees nothing that happened after `as_of`; counts that silos made on the day `extracted` are unknown before it.
    """
    definitions = read_definitions(project)
    with past(con, as_of, extracted):
        tables = _entities(con, definitions, as_of, progress)
        return {**tables, "line_home": line_home(con), "unprofiled": unprofiled(con)}


def _entities(
    con: duckdb.DuckDBPyConnection, definitions: Definitions, as_of: date, progress: Progress | None
) -> dict[str, pl.DataFrame]:
    tables: dict[str, pl.DataFrame] = {}
    for entity in _ORDER:
        table = everybody(con, entity)
        for file in (file for file in definitions.files if file.entity == entity):
            if progress is not None:
                progress(f"{FOLDER}/{file.stem}")
            table = table.join(_topic(con, file, as_of), on="id", how="left", maintain_order="left")
        tables[entity] = _hide(
            table, [f for file in definitions.files if file.entity == entity for f in file.features]
        )
        con.register(f"{entity}_features", tables[entity].to_arrow())
    return tables


def _topic(con: duckdb.DuckDBPyConnection, file: FeatureFile, as_of: date) -> pl.DataFrame:
    """One query's rows, as the catalogue promises them. Raises `FeatureError`."""
    rows = _run(con, file.stem, file.query, as_of)
    if rows["id"].n_unique() != len(rows) or rows["id"].null_count():
        raise FeatureError(
            f"{FOLDER}/{file.stem}.sql:1:1: gives {len(rows)} rows for {rows['id'].drop_nulls().n_unique()} ids; "
            f"give one row a {file.entity}, and no empty id"
        )
    for feature in file.features:
        found, wanted = rows.schema[feature.name], _TYPES[feature.type]
        if not (found in (wanted, pl.Null) or (feature.type == "number" and found.is_numeric())):
            raise FeatureError(
                f"{FOLDER}/{file.stem}.sql:1:1: `{feature.name}` is {found}, its description says {feature.type}"
            )
    return rows.cast({feature.name: _TYPES[feature.type] for feature in file.features})


def _hide(table: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """Of who objected and of minors only what contract and payment need stays."""
    known = [
        pl.when(~pl.col("hidden")).then(pl.col(feature.name)).alias(feature.name)
        for feature in features
        if "contract" not in feature.purposes
    ]
    return table.with_columns(known).drop("hidden")


def _offers(
    con: duckdb.DuckDBPyConnection, query: Query | None, as_of: date, progress: Progress | None
) -> pl.DataFrame:
    if query is None:
        return pl.DataFrame(schema=_OFFER_TYPES)
    if progress is not None:
        progress(f"{FOLDER}/{OFFERS}")
    offers = _run(con, OFFERS, query, as_of).cast(_OFFER_TYPES).sort("scope", "id", "offer_id")  # type: ignore[arg-type]
    twice = offers.filter(offers.select("scope", "id", "offer_id").is_duplicated())
    if len(twice):
        raise FeatureError(f"{FOLDER}/{OFFERS}.sql:1:1: gives {' '.join(map(str, twice.row(0)[:3]))} twice")
    return offers


def _run(con: duckdb.DuckDBPyConnection, stem: str, query: Query, as_of: date) -> pl.DataFrame:
    values = {"as_of": as_of} if query.parameters else {}
    try:
        return pl.DataFrame(con.sql(query.text, params=values).to_arrow_table())
    except duckdb.Error as error:
        raise FeatureError(f"{FOLDER}/{stem}.sql:1:1: DuckDB refuses it: {str(error).strip()}") from error
