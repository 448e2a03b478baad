"""How do the named SQL steps run? Each file of `sql/` holds one query and becomes one temporary table of its name.

`13_party_key.sql` becomes `party_key`; the first line of a file says its purpose. Files `0*` define macros instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from time import perf_counter
from typing import Any

import duckdb
import pyarrow as pa

from hogar.households.constants import SQL_CONSTANTS

Progress = Callable[[str, int, float], object]
MACROS = ("00_fold", "01_sound")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One finished step: its name, how many rows it made, how long it took."""

    name: str
    rows: int
    seconds: float


@dataclass(kw_only=True)
class Steps:
    """Runs the steps on one connection, keeps count, and clears its tables away at the end."""

    con: duckdb.DuckDBPyConnection
    progress: Progress | None = None
    empty: frozenset[str] = (
        frozenset()
    )  # tables that stay empty, because their family of evidence is switched off
    done: list[Step] = field(default_factory=list)

    def start(self, now: Any) -> None:
        """Set the constants and macros that the queries use; `now` is the day of the resolution."""
        for name, value in {**SQL_CONSTANTS, "now": now}.items():
            self.con.execute(f"SET VARIABLE {name} = {_literal(value)}")
        for macros in MACROS:
            self.con.execute(query(macros))

    def run(self, *names: str) -> None:
        """Run the queries of these files, in this order, each into a temporary table."""
        for name in names:
            table = name.split("_", 1)[1]
            before = perf_counter()
            text = query(name)
            if table in self.empty:
                text = f"SELECT * FROM (\n{text}\n) LIMIT 0"
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS\n{text}")
            self._note(table, before)

    def keep(self, table: str, content: pa.Table, before: float) -> None:
        """Keep what Python computed as a temporary table beside the others; `before` is when its work began."""
        self.con.register("_computed", content)
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM _computed")
        self.con.unregister("_computed")
        self._note(table, before)

    def rename(self, table: str, name: str) -> None:
        """Call a table otherwise, so that its name is free for another one."""
        self.con.execute(f"DROP TABLE IF EXISTS temp.{name}")
        self.con.execute(f"ALTER TABLE temp.{table} RENAME TO {name}")
        self.note(name, self.done[-1].rows, perf_counter())

    def read(self, sql: str) -> pa.Table:
        """The rows of a query over the steps' tables."""
        return self.con.sql(sql).to_arrow_table()

    def clear(self) -> None:
        """Drop the temporary tables."""
        for step in self.done:
            self.con.execute(f"DROP TABLE IF EXISTS temp.{step.name}")

    def note(self, name: str, rows: int, before: float) -> None:
        """Tell of work that was done elsewhere and left no table."""
        step = Step(name=name, rows=rows, seconds=perf_counter() - before)
        self.done.append(step)
        if self.progress is not None:
            self.progress(step.name, step.rows, step.seconds)

    def _note(self, table: str, before: float) -> None:
        [(rows,)] = self.con.execute(f"SELECT count(*) FROM temp.{table}").fetchall()
        self.note(table, rows, before)


def query(name: str) -> str:
    """The text of one query file."""
    return (resources.files("hogar.households") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def _literal(value: object) -> str:
    if isinstance(value, dict):
        return "MAP {" + ", ".join(f"{_literal(key)}: {_literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(one) for one in value) + "]"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return f"'{value}'"
    return f"DATE '{value}'"
