"""What was known on a day? Views that show every table as it stood then, in front of the canonical ones.

A feature query reads `bill` and sees no bill that had not been written by `:as_of`; so a training row cannot see
its future, whatever its author forgot. Tables without a time of their own are shown as they are today.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from hogar.stores.warehouse import read_sql

SQL = Path(__file__).parent / "sql"
_FIRST = ("unprofiled", "unprofiled_line", "unprofiled_party", "membership")  # the others read them


@contextmanager
def past(con: duckdb.DuckDBPyConnection, as_of: date, extracted: date) -> Iterator[None]:
    """Inside, unqualified names on `con` mean the tables as of the end of the day `as_of`.

    `extracted` is the day of the extract: counts that a silo made that day are unknown on any day before. Adds two
    views: `unprofiled` (persons of whom nothing but contract and payment is known) and `line_home` (every living
    line with its user, holder, payer and household).
    """
    con.execute("SET VARIABLE as_of = $day", {"day": as_of}).fetchall()
    con.execute("SET VARIABLE extracted = $day", {"day": extracted}).fetchall()
    before = con.execute("SELECT current_setting('search_path')").fetchall()[0][0]
    _run(con, "past_begin.sql")
    try:
        for name in _FIRST:
            _run(con, f"past/{name}.sql")
        for path in sorted((SQL / "past").glob("*.sql")):
            if path.stem not in _FIRST:
                _run(con, f"past/{path.name}")
        con.execute("SET search_path = 'past,main'").fetchall()
        _run(con, "line_home.sql")
        yield
    finally:
        con.execute("SET search_path = $before", {"before": before}).fetchall()
        _run(con, "past_end.sql")


def everybody(con: duckdb.DuckDBPyConnection, entity: str) -> pl.DataFrame:
    """The ids of an entity as of that day, in order, and whether all but contract and payment is `hidden`."""
    return _rows(con, f"everybody_{entity}.sql").sort("id")


def line_home(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every living line as of that day with its user, holder, payer and household."""
    return _rows(con, "line_home_rows.sql")


def unprofiled(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The ids of persons of whom nothing is known but contract and payment, and who get no score."""
    return _rows(con, "unprofiled_rows.sql")


def _rows(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    return pl.DataFrame(con.sql(read_sql(SQL / name)).to_arrow_table())


def _run(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute(read_sql(SQL / name)).fetchall()
