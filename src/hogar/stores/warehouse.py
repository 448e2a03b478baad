"""How are tables read? DuckDB over a step's Parquet files, with the consent gate in front of traffic data.

Takes a folder of the step `ingest`; gives a connection in which every canonical table is a view. With
`gated`, rows that need consent are there only where it holds. After: `households` and `features` query the
views.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp, parse_one

from hogar.errors import HogarError
from hogar.telco.tables import TABLES, Table

_SQL = Path(__file__).parent / "sql"


class WarehouseError(HogarError):
    """The tables of a step cannot be read."""


def connect(
    threads: int | None = None, memory_limit: str | None = None, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A new in-memory DuckDB whose moments are in UTC and whose rows keep their order.

    `memory_limit` is DuckDB's spelling, for example `4GB`; what does not fit goes to `spill` (default: a
    folder of this process below the system's temporary folder) while the connection lives. Fetches nothing
    from the network. DuckDB 2 wants each result read to its end before the next command: `fetchall`, not one
    `fetchone`.
    """
    folder = spill or Path(tempfile.gettempdir()) / f"hogar-{os.getpid()}"
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(folder),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    if threads is not None:
        config["threads"] = threads
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    con = duckdb.connect(":memory:", config=config)
    con.execute("set TimeZone = 'UTC'").fetchall()
    return con


def canonical(con: duckdb.DuckDBPyConnection, folder: Path, gated: bool) -> None:
    """Make each table of `telco.tables` a view over `folder`, the finished step `ingest`.

    With `gated`, a table with a gate shows only rows whose every line in `gate_lines` has consent: from the
    party that holds the line and from each party declared to use it. Which consent, a row of `event` says itself.
    Raises `WarehouseError` where a file is
    missing.
    """
    missing = [table.name for table in TABLES if not (folder / f"{table.name}.parquet").is_file()]
    if missing:
        raise WarehouseError(
            f"{folder} lacks {', '.join(f'{name}.parquet' for name in missing)}; run `hogar ingest` again"
        )
    closed = [table for table in TABLES if gated and table.gate != "none"]
    for table in TABLES:
        if table not in closed:
            _execute(con, _view(table, exp.select("*").from_(parquet(folder / f"{table.name}.parquet"))))
    if closed:
        _execute(con, read_sql(_SQL / "consented_line.sql"))
    for table in closed:
        rows = exp.select("*").from_(parquet(folder / f"{table.name}.parquet"))
        for name in table.gate_lines:
            rows = rows.where(_allowed(table, exp.column(name, quoted=True)))
        _execute(con, _view(table, rows))


def offnet_ties(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the ties with other operators' numbers the view `offnet_tie`; the tables of `canonical` come first.

    Only lines of ours with consent stand in it: the other end was never asked. So it is no canonical table, and
    only who looks for members at other operators opens it. Such a number is never profiled or contacted.
    """
    _execute(con, read_sql(_SQL / "consented_line.sql"))
    ties = parquet(folder / "tie_month.parquet")
    rows = parse_one(read_sql(_SQL / "offnet_tie.sql"), dialect="duckdb").transform(
        lambda node: ties.copy() if isinstance(node, exp.Table) and node.name == "tie_month" else node
    )
    view = exp.Create(this=exp.to_table("offnet_tie"), kind="VIEW", replace=True, expression=rows)
    _execute(con, view.sql("duckdb", comments=False))


def enclose(con: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """From now on the connection reads files in these folders only, writes none, and stays so.

    For queries that a project brings along: they see the tables they are given, not the machine.
    """
    spelled = dict.fromkeys(name for folder in folders for name in (str(folder), plain_path(folder)))
    allowed = exp.Array(expressions=[exp.Literal.string(name) for name in spelled])
    _execute(con, f"set allowed_directories = {allowed.sql('duckdb')}")
    _execute(con, "set enable_external_access = false")
    _execute(con, "set lock_configuration = true")


def read_sql(path: Path) -> str:
    """The text of one hand-written query; its name is the file's stem, its first line says its purpose.

    The first line reads `-- purpose: ...`. Raises `WarehouseError` where it does not.
    """
    text = path.read_text(encoding="utf-8")
    if not text.startswith("-- purpose: "):
        raise WarehouseError(f"{path.name}:1:1: a query begins with `-- purpose: ` and one sentence")
    return text


def parquet(path: Path) -> exp.Func:
    """The Parquet file as a table in a syntax tree; `*`, `?` and `[` in its path mean themselves."""
    return exp.func("read_parquet", exp.Literal.string(plain_path(path)))


def plain_path(path: Path) -> str:
    """The path as DuckDB must be told it, so that `*`, `?` and `[` mean themselves and are no pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def _view(table: Table, rows: exp.Expr) -> str:
    view = exp.Create(this=exp.to_table(table.name, quoted=True), kind="VIEW", replace=True, expression=rows)
    return view.sql("duckdb", identify=True)


def _allowed(table: Table, line: exp.Column) -> exp.Expr:
    """Whether the line has the consent that the table, or the row, needs."""
    if table.gate != "row":
        lines = exp.select("line_id").from_("consented_line").where(exp.column("purpose").eq(table.gate))
        return line.isin(query=lines)
    needed = exp.column("consent", quoted=True)
    given = exp.select("line_id", "purpose").from_("consented_line").subquery()
    pair = exp.Tuple(expressions=[line, needed])
    return exp.or_(exp.Is(this=needed.copy(), expression=exp.null()), exp.In(this=pair, query=given))


def _execute(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    con.execute(sql).fetchall()
