"""Markets of several seeds, each made once, and their canonical tables as the template project's sources map them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources

import duckdb
import pyarrow as pa
import pytest

from hogar.cli.twin_files import default_params
from hogar.telco.tables import TABLES
from hogar.twin import Market, Params, generate

ACME = resources.files("hogar") / "templates" / "acme"
TYPES = {"text": "varchar", "integer": "bigint", "boolean": "boolean", "double": "double", "date": "date",
         "timestamp": "timestamp"}  # fmt: skip


@pytest.fixture(scope="session")
def params() -> Params:
    return default_params()


@pytest.fixture(scope="session")
def recorded() -> Callable[[int, int], tuple[Market, dict[str, pa.Table]]]:
    """`recorded(persons, seed)`: a market and the records of its single calls, by path."""

    @cache
    def made(persons: int, seed: int) -> tuple[Market, dict[str, pa.Table]]:
        records: dict[str, pa.Table] = {}
        market = generate(persons, seed, default_params(), records=records.__setitem__)
        return market, records

    return made


@pytest.fixture(scope="session")
def market(
    recorded: Callable[[int, int], tuple[Market, dict[str, pa.Table]]],
) -> Callable[[int, int], Market]:
    """`market(persons, seed)` with the parameters that ship."""
    return lambda persons, seed: recorded(persons, seed)[0]


@pytest.fixture(scope="session")
def mapped() -> Callable[[Market], duckdb.DuckDBPyConnection]:
    """The canonical tables of a market, with the truth beside them as `truth_<name>`; bad values become NULL."""
    return map_silos


def map_silos(market: Market) -> duckdb.DuckDBPyConnection:
    """Stages each silo as text, runs the template's sources, casts, keeps the first row of a key."""
    con = duckdb.connect()
    for path, table in market.silos.items():
        name = path.rsplit(".", 1)[0].replace("/", "_")
        texts = pa.table({field: table[field].cast(pa.string()) for field in table.column_names})
        con.register("given", texts)
        con.execute(
            f"create table {name} as select *, '{path}' as _file, row_number() over () as _row from given"
        )
    for table in TABLES:
        source = ACME / "sources" / f"{table.name}.sql"
        if not source.is_file():
            continue
        con.execute(f'create table "raw_{table.name}" as {source.read_text(encoding="utf-8")}')
        columns = ", ".join(f'try_cast("{c.name}" as {TYPES[c.type]}) as "{c.name}"' for c in table.columns)
        key = ", ".join(f'"{name}"' for name in table.key)
        con.execute(
            f'create or replace table "{table.name}" as select {columns} from "raw_{table.name}" '
            f"qualify row_number() over (partition by {key} order by _row) = 1"
        )
    for name, table in market.truth.items():
        con.register("given", table)
        con.execute(f"create table truth_{name} as select * from given")
    con.execute(f"create table clock as select timestamp '{market.now[:-1].replace('T', ' ')}' as now")
    return con


@pytest.fixture(scope="session")
def settings() -> dict[str, object]:
    """The template project's `hogar.toml`."""
    return tomllib.loads((ACME / "hogar.toml").read_text(encoding="utf-8"))
