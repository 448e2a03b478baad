"""Which numbers do we have for whom? One query a topic, joined by id: a row for every household, person, line.

Order: living lines with their people → lines → persons → households → offers; a later query may read the tables
of the earlier ones as `line_features`, `person_features`, `household_features`, so that a number is defined once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from hogar.errors import HogarError
from hogar.features.files import FOLDER, OFFER_COLUMNS, OFFERS, Definitions, FeatureFile, read_definitions
from hogar.features.known import FeatureKnown, Known, of_features, of_tables, save_known
from hogar.features.past import everybody, line_home, past, unprofiled
from hogar.features.query import Query
from hogar.features.refused import refused
from hogar.features.reuse import Reuse, of_rows
from hogar.features.saved import save_catalogue, save_counters
from hogar.telco.catalogue import Entity, Feature, FeatureType

Progress = Callable[[str], object]

ORDER: tuple[Entity, ...] = ("line", "person", "household")
FEATURE_TYPES: dict[FeatureType, pl.DataType] = {
    "boolean": pl.Boolean(), "number": pl.Float64(), "text": pl.String(), "date": pl.Date(),
}  # fmt: skip
_OFFER_TYPES: dict[str, pl.DataType] = dict(
    zip(OFFER_COLUMNS, [pl.String()] * 3 + [pl.Boolean()] * 3 + [pl.Int64()] * 3, strict=True)
)


class FeatureError(HogarError):
    """A feature query cannot be run."""


@dataclass(frozen=True, kw_only=True)
class FeaturesReport:
    """What was computed: the day, how many of each entity, how many features, rows of offers.

    Of the `topics` (files of features, and offers) `reused` were taken over from the step before.
    """

    as_of: str
    households: int
    persons: int
    lines: int
    features: int
    offers: int
    topics: int = 0
    reused: int = 0


def compute(
    *,
    con: duckdb.DuckDBPyConnection,
    project: Path,
    as_of: date,
    out: Path,
    progress: Progress | None = None,
    inputs: Mapping[str, str] | None = None,
    earlier: Path | None = None,
) -> FeaturesReport:
    """Compute all features of a project as of the day of its extract and write them into the folder `out`.

    `inputs` names the content of each table by its name, and of the code by ""; then what is the same as in `earlier`,
    a finished folder of this step, is taken over from there.

    `con` has the canonical tables (behind the consent gate) and the tables of `households` as views. Writes
    `household.parquet`, `person.parquet`, `line.parquet` (`id`, then one column a feature), `offers.parquet`,
    `line_home.parquet`, `unprofiled.parquet`, `catalogue.json`, `counters.json`, `known.json` and `topics.json`. Raises
    `ProblemsFound` for broken files, `FeatureError` where a query fails on the data.
    """
    definitions = read_definitions(project)
    out.mkdir(parents=True, exist_ok=True)
    known: dict[str, FeatureKnown] = {}
    reuse = Reuse(con=con, inputs=inputs or {}, earlier=earlier)
    with past(con, as_of, extracted=as_of):
        tables = _entities(con, definitions, as_of, progress, known, reuse)
        offers = _offers(con, definitions.offers, as_of, progress, reuse)
        people = {"line_home": line_home(con), "unprofiled": unprofiled(con)}
    for name, table in {**tables, **people, "offers": offers}.items():
        table.write_parquet(out / f"{name}.parquet")
    save_catalogue(out, definitions.catalogue)
    save_counters(out, definitions.counters)
    before = reuse.known().tables
    same = {name: table for name, table in before.items() if reuse.same_table(name)}
    save_known(out, Known(as_of=as_of.isoformat(), features=known, tables=of_tables(con, same)))
    reuse.save(out)
    return FeaturesReport(
        as_of=as_of.isoformat(), households=len(tables["household"]), persons=len(tables["person"]),
        lines=len(tables["line"]), features=len(definitions.catalogue.features), offers=len(offers),
        topics=len(definitions.files) + (definitions.offers is not None), reused=len(reuse.reused),
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
    con: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    as_of: date,
    progress: Progress | None,
    known: dict[str, FeatureKnown] | None = None,
    reuse: Reuse | None = None,
) -> dict[str, pl.DataFrame]:
    """The features by entity; `known` is told how much of each the silos know, before defaults are filled in."""
    tables: dict[str, pl.DataFrame] = {}
    for entity in ORDER:
        who = everybody(con, entity)
        name = of_rows(who) if reuse is not None else ""
        parts = [who.select("id")]
        for file in (file for file in definitions.files if file.entity == entity):
            part = None if reuse is None else reuse.topic(file.stem, file.query, file.features, name, as_of)
            if part is None:
                if progress is not None:
                    progress(f"{FOLDER}/{file.stem}")
                # each topic beside the ids alone: a join with all that was found before would copy it every time
                found = who.join(_topic(con, file, as_of), on="id", how="left", maintain_order="left")
                if known is not None:
                    known |= of_features(found, file.features)
                part = _hide(_filled(found, file.features), file.features).drop("id")
            elif known is not None and reuse is not None:
                known |= {name: one for name, one in reuse.known().features.items() if name in file.names}
            parts.append(part)
        tables[entity] = pl.concat(parts, how="horizontal")
        if reuse is not None:
            reuse.computed(entity, tables[entity])
        con.register(f"{entity}_features", tables[entity].to_arrow())
    return tables


def _topic(con: duckdb.DuckDBPyConnection, file: FeatureFile, as_of: date) -> pl.DataFrame:
    """One query's rows, as the catalogue promises them. Raises `FeatureError`."""
    rows = _run(con, file.stem, file.query, as_of)
    place = f"{file.features[0].file if file.features else f'{FOLDER}/{file.stem}.sql'}:1:1"
    if rows["id"].n_unique() != len(rows) or rows["id"].null_count():
        raise FeatureError(
            f"{place}: gives {len(rows)} rows for {rows['id'].drop_nulls().n_unique()} ids; "
            f"give one row a {file.entity}, and no empty id"
        )
    for feature in file.features:
        found = rows.schema[feature.name]
        if not fits(found, feature.type):
            raise FeatureError(f"{place}: `{feature.name}` is {found}, its description says {feature.type}")
    return rows.cast({feature.name: FEATURE_TYPES[feature.type] for feature in file.features})


def fits(found: pl.DataType, described: FeatureType) -> bool:
    """Whether a column of this type is what its description says."""
    return found in (FEATURE_TYPES[described], pl.Null) or (described == "number" and found.is_numeric())


def _filled(table: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """Unknown values replaced by the default, where the catalogue gives one; the same today and in the past."""
    return table.with_columns(
        pl.col(feature.name).fill_null(pl.lit(feature.default).cast(FEATURE_TYPES[feature.type]))
        for feature in features
        if feature.default is not None
    )


def _hide(table: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """Of who objected and of minors only what contract and payment need stays."""
    known = [
        pl.when(~pl.col("hidden")).then(pl.col(feature.name)).alias(feature.name)
        for feature in features
        if "contract" not in feature.purposes
    ]
    return table.with_columns(known).drop("hidden")


def _offers(
    con: duckdb.DuckDBPyConnection, query: Query | None, as_of: date, progress: Progress | None, reuse: Reuse
) -> pl.DataFrame:
    if query is None:
        return pl.DataFrame(schema=_OFFER_TYPES)
    if (same := reuse.topic(OFFERS, query, (), "", as_of)) is not None:
        return same
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
        raise FeatureError(str(refused(f"{FOLDER}/{stem}.sql", query.text, error))) from error
