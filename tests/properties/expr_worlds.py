"""Random expressions, written as text so that reading is tested too, and tables of awkward rows to ask them about.

Numbers that are not finite, minus zero, the smallest and largest of float64; dates at both ends of the calendar;
texts that look alike and are not (composed and decomposed), beyond the basic plane, empty.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import duckdb
import numpy as np
import polars as pl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from hogar.errors import Place
from hogar.expr import Expression, Value, frame
from hogar.telco.catalogue import FeatureType

MANY = os.environ.get("HOGAR_PROPERTIES") == "many"
ROWS = 1_000 if MANY else 250
TABLES = 8
PLACE = Place(file="test.yml")
SCHEMA: dict[str, FeatureType] = {
    "household.a": "number",
    "line.b": "number",
    "score.c": "number",
    "household.p": "boolean",
    "person.q": "boolean",
    "household.has_offer('X')": "boolean",
    "line.t": "text",
    "context.u": "text",
    "event.d": "date",
    "line.end": "date",
}
LAYOUT = {name: position for position, name in enumerate(SCHEMA)}
PLAIN: list[Value] = [
    0.0, 1.0, 2.0, 3.0, -1.0, 0.5, 1.5, 2.5, -2.5, 0.1, 0.2, 0.3, 2.675, 1.005, 99.99, -1234.5, 1e6, 1e-3,
]  # fmt: skip
EXTREMES: list[Value] = [
    math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-200, 1e200, -1e200, 1e308,
    -1e308, 1.7976931348623157e308, 709.782712893384, 709.7827128933841, 2.0**53, 1.0, 3.0,
]  # fmt: skip
FIRST_DAY, LAST_DAY = ((day - date(1970, 1, 1)).days for day in (date.min, date.max))
POOLS: dict[FeatureType, list[Value]] = {
    "number": [*PLAIN, *PLAIN, *EXTREMES],
    "boolean": [True, False],
    "text": [
        "", "a", "A", "b", "ab", "MOB-S", "MOB-M", "50%", "a_b", "a\nb", "é", "e\u0301", "z", "100% (a.b)", "\\", "😀",
        "a😀", "\U0001d518", "\uffee", "ß", "İ", " ",
    ],
    "date": [0, 1, 20_000, 20_454, 20_455, 20_500, -3, FIRST_DAY, LAST_DAY],
}  # fmt: skip

LITERALS: dict[FeatureType, st.SearchStrategy[str]] = {
    "number": st.sampled_from(
        [
            "0",
            "1",
            "2",
            "3",
            "-1",
            "0.5",
            "2.5",
            "0.1",
            "1.005",
            "100",
            "1e3",
            "0.12345678901234567",
            "5e-324",
            "1e308",
        ]
    )
    | st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda x: abs(x) > 1e-9).map(repr),
    "boolean": st.sampled_from(["true", "false"]),
    "text": st.sampled_from(["'a'", "'b'", "'MOB-S'", "'50%'", "''", "'it''s'", "'é'", "'e\u0301'", "'😀'"]),
    "date": st.sampled_from(
        [f"date '{day}'" for day in ("2026-01-01", "1970-01-01", "2026-02-15", "0001-01-01", "9999-12-31")]
    ),
}
LIKES = [
    "a",
    "MOB-%",
    "%b",
    "%a%",
    "_",
    "a_b",
    "%",
    "",
    "%(_._)",
    "\\",
    "%a%b",
    "__%",
    "%😀",
    "é%",
    "_😀",
    "e_",
]
PATTERNS = st.sampled_from([f"'{like}'" for like in LIKES])


def examples(few: int, many: int) -> Callable[[Any], Any]:
    """How many expressions a property is held against: always the same few, or many new ones."""
    return settings(
        max_examples=many if MANY else few, deadline=None, suppress_health_check=list(HealthCheck),
        derandomize=not MANY, database=None,
    )  # fmt: skip


@cache
def expressions(kind: FeatureType, levels: int) -> st.SearchStrategy[str]:
    """Texts of expressions of a type, at most so many levels deep."""
    names = st.sampled_from([name for name, type_ in SCHEMA.items() if type_ == kind])
    if levels == 0:
        return names | LITERALS[kind]

    def sub(kind: FeatureType) -> st.SearchStrategy[str]:
        return st.deferred(lambda: expressions(kind, levels - 1))

    def form(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*parts).map(lambda texts: pattern.format(*texts))

    forms = [
        names,
        names,
        form("case when {} then {} when {} then null else {} end", *map(sub, ("boolean", kind) * 2)),
        form("case when {} then {} end", sub("boolean"), sub(kind)),
        form("coalesce({}, {})", sub(kind), sub(kind)),
        form("nullif({}, {})", sub(kind), sub(kind)),
    ]
    if kind in ("number", "date"):
        forms.append(form("{}({}, {})", st.sampled_from(["least", "greatest"]), sub(kind), sub(kind)))
    if kind == "number":
        operators = st.sampled_from("+-*/")
        forms += [
            form("({} {} {})", sub(kind), operators, sub(kind)),
            form("({} {} {})", sub(kind), operators, sub(kind)),
            form("(- {})", sub(kind)),
            form("{}({})", st.sampled_from(["abs", "ln", "exp"]), sub(kind)),
            form("round({}, {})", sub(kind), st.sampled_from(["0", "1", "2", "-1", "3"])),
            form("round({})", sub(kind)),
            form("({} - {})", sub("date"), sub("date")),
        ]
    if kind == "boolean":
        forms += _conditions(sub, form)
    return st.one_of(forms)


def _conditions(sub: Callable[..., Any], form: Callable[..., Any]) -> list[st.SearchStrategy[str]]:
    comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    forms: list[st.SearchStrategy[str]] = []
    kinds: tuple[FeatureType, ...] = ("number", "text", "date")
    for other in kinds:
        listed = st.lists(LITERALS[other], min_size=1, max_size=3).map(", ".join)
        forms += [
            form("({} {} {})", sub(other), comparisons, sub(other)),
            form("({} between {} and {})", sub(other), LITERALS[other], LITERALS[other]),
            form("({} between {} and {})", sub(other), sub(other), sub(other)),
            form("({} {} ({}))", sub(other), st.sampled_from(["in", "not in"]), listed),
            form("({} is {})", sub(other), st.sampled_from(["null", "not null"])),
        ]
    forms += [form("({} {} {})", sub("boolean"), st.sampled_from(["and", "or"]), sub("boolean"))] * 5
    truths = st.sampled_from(["true", "not true", "false", "not false", "null"])
    forms += [
        form("({} and {} and {})", sub("boolean"), sub("boolean"), sub("boolean")),
        form("(not {})", sub("boolean")),
        form("({} {} {})", sub("boolean"), st.sampled_from(["=", "<>"]), sub("boolean")),
        form("({} is {})", sub("boolean"), truths),
        form("({} {} {})", sub("text"), st.sampled_from(["like", "not like"]), PATTERNS),
    ]
    return forms


ANY = st.sampled_from(["boolean", "boolean", "number", "text", "date"]).flatmap(
    lambda kind: expressions(kind, 3)  # type: ignore[arg-type]
)


def random_rows(seed: int, count: int = ROWS, numbers: list[Value] | None = None) -> list[list[Value]]:
    """Rows of random values in the layout's order, a quarter of them NULL."""
    chance = np.random.default_rng(seed)
    columns = []
    for kind in SCHEMA.values():
        pool = numbers if numbers and kind == "number" else POOLS[kind]
        picks = chance.integers(0, len(pool), count)
        nulls = chance.random(count) < 0.25
        columns.append([None if null else pool[pick] for pick, null in zip(picks, nulls, strict=True)])
    return [list(values) for values in zip(*columns, strict=True)]


def as_frame(rows: list[list[Value]]) -> pl.DataFrame:
    """The rows as a table with a column a name."""
    types = {"number": pl.Float64, "boolean": pl.Boolean, "text": pl.String, "date": pl.Int32}
    schema = {name: types[kind] for name, kind in SCHEMA.items()}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.cast({name: pl.Date for name, kind in SCHEMA.items() if kind == "date"})


def framed(table: pl.DataFrame, expression: Expression) -> list[object]:
    """What Polars gives, row by row, also for an expression that uses no column."""
    return table.with_columns(frame(expression).alias("value"))["value"].to_list()


def as_dates(values: list[Value], kind: FeatureType) -> list[object]:
    """The row function's days as dates, other values as they are."""
    if kind != "date":
        return list(values)
    return [None if days is None else date(1970, 1, 1) + timedelta(days=int(days)) for days in values]


class Table:
    """Random rows in each engine's form; DuckDB keeps them as a table of its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seed: int) -> None:
        self.rows = random_rows(seed)
        self.frame = as_frame(self.rows)
        self.name, self.connection = f"t{seed}", connection
        _into_duckdb(connection, self.frame, self.name)

    def ask(self, text: str) -> list[object]:
        """What DuckDB gives for a text, row by row."""
        found = self.connection.execute(f"select {text} from {self.name} order by i").fetchall()
        return [value for (value,) in found]


def _into_duckdb(connection: duckdb.DuckDBPyConnection, table: pl.DataFrame, name: str) -> None:
    """A DuckDB table with a struct a namespace, so that `household.a` is found there as it is written."""
    given_rows = table.with_row_index("i").to_arrow()
    connection.register("given_rows", given_rows)
    spaces = sorted({full.partition(".")[0] for full in SCHEMA})
    structs = []
    for space in spaces:
        fields = [full.partition(".")[2] for full in SCHEMA if full.startswith(space + ".")]
        parts = [f'"{field}": "{space}.{field}"' for field in fields if "(" not in field]
        parts += [f"offers: map {{'X': \"{space}.{field}\"}}" for field in fields if "(" in field]
        structs.append(f"{{{', '.join(parts)}}} as {space}")
    connection.execute(f"create table {name} as select i, {', '.join(structs)} from given_rows")
    connection.unregister("given_rows")
