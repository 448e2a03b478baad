"""Would each query run? All of them, over tables without a row, in the order and with the names of `compute`.

Reads definitions; returns every problem that DuckDB has with them, each in its place. Needs no data: what depends on
the data alone, such as two rows for one id, only `compute` finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from hogar.errors import Place, Problem
from hogar.features.compute import FEATURE_TYPES, ORDER, fits
from hogar.features.files import FOLDER, OFFERS, Definitions, FeatureFile, read_all
from hogar.features.past import past
from hogar.features.query import Query
from hogar.features.refused import refused
from hogar.stores.warehouse import connect
from hogar.telco.tables import TABLES, ColumnType

_DAY = date(2026, 1, 1)  # any day will do
_TYPES: dict[ColumnType, str] = {
    "text": "VARCHAR", "integer": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
    "timestamp": "TIMESTAMP",
}  # fmt: skip
# The tables that `households` writes, and the one that the consent gate adds.
_RESOLVED = {
    "party_person": "party_id VARCHAR, person_id VARCHAR",
    "membership": "person_id VARCHAR, household_id VARCHAR, probability DOUBLE",
    "household": "household_id VARCHAR, anchor VARCHAR",
    "line_user": "line_id VARCHAR, person_id VARCHAR, probability DOUBLE",
    "role": "person_id VARCHAR, role VARCHAR, probability DOUBLE, source VARCHAR, evidence VARCHAR[]",
    "adviser": "person_id VARCHAR, adviser_person_id VARCHAR",
    "offnet": "number_id VARCHAR, household_id VARCHAR, probability DOUBLE, members BIGINT",
    "consented_line": "line_id VARCHAR, purpose VARCHAR",
}


def check_features(project: Path) -> list[Problem]:
    """Every problem in a project's feature files, in no order; none where all is well."""
    return checked_definitions(project)[1]


def checked_definitions(project: Path) -> tuple[Definitions | None, list[Problem]]:
    """The definitions, None where some cannot be read; and every problem in them, in no order."""
    definitions, problems = read_all(project)
    whole = not problems
    if definitions.files:
        problems = problems + _tried(definitions, whole=whole)
    return definitions if whole else None, problems


def _tried(definitions: Definitions, *, whole: bool) -> list[Problem]:
    """Every problem that DuckDB has with the queries, and every column of another type than described.

    Where they are not `whole`, some could not be read, what reads other features is left out.
    """
    problems: list[Problem] = []
    with connect(threads=1) as con:
        _empty_tables(con)
        con.execute("SET errors_as_json = true").fetchall()
        with past(con, _DAY, extracted=_DAY):
            for entity in ORDER:
                files = [file for file in definitions.files if file.entity == entity]
                for file in files:
                    if whole or "_features" not in file.query.text:
                        problems += _try_topic(con, file)
                columns = {"id": pl.String()} | {
                    feature.name: FEATURE_TYPES[feature.type] for file in files for feature in file.features
                }
                con.register(f"{entity}_features", pl.DataFrame(schema=columns).to_arrow())
            if definitions.offers is not None and (whole or "_features" not in definitions.offers.text):
                problems += _run(con, f"{FOLDER}/{OFFERS}.sql", definitions.offers)[1]
    return problems


def _try_topic(con: duckdb.DuckDBPyConnection, file: FeatureFile) -> Iterable[Problem]:
    """One topic; the queries of live counters are the house's own."""
    if file.counters:
        return
    found, problems = _run(con, f"{FOLDER}/{file.stem}.sql", file.query)
    yield from problems
    for feature in file.features:
        kind = found.get(feature.name)
        if kind is not None and not fits(kind, feature.type):
            place = file.places.get(feature.name, Place(file=f"{FOLDER}/{file.stem}.yml"))
            what = f"`{feature.name}` is described as a {feature.type}, its column is {kind}"
            yield Problem(
                place=place, what=what, cure="write its `type:` as the column is, or convert the column"
            )


def _run(
    con: duckdb.DuckDBPyConnection, file: str, query: Query
) -> tuple[dict[str, pl.DataType], list[Problem]]:
    """The types of a query's columns, or what DuckDB has against it."""
    values = {"as_of": _DAY} if query.parameters else {}
    try:
        con.execute(query.text, values).fetchall()  # a relation would not tell the place of what is wrong
        rows = pl.DataFrame(con.sql(query.text, params=values).to_arrow_table())
    except duckdb.Error as error:
        return {}, [refused(file, query.text, error)]
    return dict(rows.schema), []


def _empty_tables(con: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES:
        columns = ", ".join(f'"{column.name}" {_TYPES[column.type]}' for column in table.columns)
        con.execute(f'CREATE TABLE "{table.name}" ({columns})').fetchall()
    for name, columns in _RESOLVED.items():
        con.execute(f'CREATE TABLE "{name}" ({columns})').fetchall()
