"""A market of aggregated tables alone, as `ingest` and `resolve` would leave it: drawn by DuckDB from a seed.

No twin: of a million lines in a minute, and of any other number. Every row is a function of its number and the seed.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb

from hogar.build.steps import RESOLVED
from hogar.sources.rules import TYPES
from hogar.stores import warehouse
from hogar.telco.tables import TABLES

AS_OF = date(2026, 3, 2)
_MACROS = (
    "CREATE MACRO u(i, k) AS (hash(i * 1000003 + k * 7919 + {seed}) >> 12) / 4503599627370496.0",
    "CREATE MACRO user_of(i) AS i * 3 // 5",
    "CREATE MACRO kind_of(i) AS CASE WHEN u(i, 3) < 0.55 THEN 'mobile_postpaid' WHEN u(i, 3) < 0.8 THEN "
    "'mobile_prepaid' WHEN u(i, 3) < 0.93 THEN 'broadband' WHEN u(i, 3) < 0.96 THEN 'fixed_voice' ELSE 'tv' END",
    "CREATE MACRO is_mobile(i) AS u(i, 3) < 0.8",
)


def make(folder: Path, lines: int, seed: int) -> dict[str, int]:
    """Write all tables of a market of so many lines below `folder`; rows by table."""
    queries = _queries()
    rows: dict[str, int] = {}
    with warehouse.connect() as con:
        for macro in _MACROS:
            con.execute(macro.format(seed=seed)).fetchall()
        numbers = {"lines": lines, "persons": lines * 3 // 5}
        for table in TABLES:
            (folder / "ingest").mkdir(parents=True, exist_ok=True)
            path = folder / "ingest" / f"{table.name}.parquet"
            columns = ", ".join(f'CAST("{c.name}" AS {TYPES[c.type]}) AS "{c.name}"' for c in table.columns)
            if table.name in queries:
                text = f"SELECT {columns}, 'x' AS _file, 1::BIGINT AS _row FROM ({queries[table.name]})"
            else:
                empty = ", ".join(f'CAST(NULL AS {TYPES[c.type]}) AS "{c.name}"' for c in table.columns)
                text = f"SELECT {empty}, 'x' AS _file, 1::BIGINT AS _row WHERE false"
            rows[table.name] = _write(con, text, path, numbers)
        for name in RESOLVED:
            (folder / "resolve").mkdir(exist_ok=True)
            text = queries.get(name, "SELECT NULL AS person_id WHERE false")
            rows[name] = _write(con, text, folder / "resolve" / f"{name}.parquet", numbers)
    return rows


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """The market's tables as the step `features` sees them: canonical ones behind the gate, and the households."""
    con = warehouse.connect()
    warehouse.canonical(con, folder / "ingest", gated=True)
    for name in RESOLVED:
        con.read_parquet(str(folder / "resolve" / f"{name}.parquet")).create_view(name)
    return con


def _write(con: duckdb.DuckDBPyConnection, text: str, path: Path, numbers: dict[str, int]) -> int:
    for name, number in numbers.items():
        text = text.replace(f"${name}", str(number))
    con.execute(f"COPY ({text}) TO '{path}' (FORMAT parquet)").fetchall()
    return int(con.execute(f"SELECT count(*) FROM '{path}'").fetchall()[0][0])


def _queries() -> dict[str, str]:
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))
