"""One language, three engines: the row function, the Polars expression and DuckDB over the canonical text agree.

Random expressions are written as text, so that reading is tested too, and each is asked about a table of random rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hogar.errors import Place
from hogar.expr import Expression, Value, frame, parse, row, source
from hogar.telco.catalogue import FeatureType

ROWS = 200
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
POOLS: dict[FeatureType, list[Value]] = {
    "number": [
        0.0,
        1.0,
        2.0,
        3.0,
        -1.0,
        0.5,
        1.5,
        2.5,
        -2.5,
        0.1,
        0.2,
        0.3,
        2.675,
        1.005,
        99.99,
        -1234.5,
        1e6,
        1e-3,
    ],
    "boolean": [True, False],
    "text": ["", "a", "A", "b", "ab", "MOB-S", "MOB-M", "50%", "a_b", "a\nb", "é", "z", "100% (a.b)", "\\"],
    "date": [0, 1, 20_000, 20_454, 20_455, 20_500, -3],
}
# Values whose sums and products leave float64.
EXTREMES: list[Value] = [0.0, 1e308, -1e308, 1.7976931348623157e308, 1e200, -1e200, 5e-324, 1e-200, 1.0, 3.0]

NUMBERS = st.sampled_from(
    ["0", "1", "2", "3", "-1", "0.5", "2.5", "0.1", "1.005", "100", "1e3", "0.12345678901234567"]
)
TEXTS = st.sampled_from(["'a'", "'b'", "'MOB-S'", "'50%'", "''", "'it''s'", "'é'"])
DATES = st.sampled_from(["date '2026-01-01'", "date '1970-01-01'", "date '2026-02-15'"])
LIKES = ["a", "MOB-%", "%b", "%a%", "_", "a_b", "%", "", "%(_._)", "\\", "%a%b", "__%"]
PATTERNS = st.sampled_from([f"'{like}'" for like in LIKES])
LITERALS: dict[FeatureType, st.SearchStrategy[str]] = {
    "number": NUMBERS | st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda x: abs(x) > 1e-9).map(repr),
    "boolean": st.sampled_from(["true", "false"]),
    "text": TEXTS,
    "date": DATES,
}


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
            form("abs({})", sub(kind)),
            form("round({}, {})", sub(kind), st.sampled_from(["0", "1", "2", "-1", "3"])),
            form("round({})", sub(kind)),
            form("({} - {})", sub("date"), sub("date")),
        ]
    if kind == "boolean":
        comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
        for other in ("number", "text", "date"):
            listed = st.lists(LITERALS[other], min_size=1, max_size=3).map(", ".join)
            forms += [
                form("({} {} {})", sub(other), comparisons, sub(other)),
                form("({} between {} and {})", sub(other), LITERALS[other], LITERALS[other]),
                form("({} between {} and {})", sub(other), sub(other), sub(other)),
                form("({} {} ({}))", sub(other), st.sampled_from(["in", "not in"]), listed),
                form("({} is {})", sub(other), st.sampled_from(["null", "not null"])),
            ]
        junction = form("({} {} {})", sub(kind), st.sampled_from(["and", "or"]), sub(kind))
        forms += [junction] * 5
        forms += [
            form("({} and {} and {})", sub(kind), sub(kind), sub(kind)),
            form("(not {})", sub(kind)),
            form("({} {} {})", sub(kind), st.sampled_from(["=", "<>"]), sub(kind)),
            form(
                "({} is {})", sub(kind), st.sampled_from(["true", "not true", "false", "not false", "null"])
            ),
            form("({} {} {})", sub("text"), st.sampled_from(["like", "not like"]), PATTERNS),
        ]
    return st.one_of(forms)


ANY = st.sampled_from(["boolean", "boolean", "number", "text", "date"]).flatmap(
    lambda kind: expressions(kind, 3)
)


def random_rows(seed: int, numbers: list[Value]) -> list[list[Value]]:
    """Rows of random values in the layout's order, a quarter of them NULL."""
    chance = np.random.default_rng(seed)
    columns = []
    for kind in SCHEMA.values():
        pool = numbers if kind == "number" else POOLS[kind]
        picks = chance.integers(0, len(pool), ROWS)
        nulls = chance.random(ROWS) < 0.25
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
        self.rows = random_rows(seed, POOLS["number"])
        self.frame = as_frame(self.rows)
        self.name, self.connection = f"t{seed}", connection
        into_duckdb(connection, self.frame, self.name)

    def ask(self, text: str) -> list[object]:
        """What DuckDB gives for a text, row by row."""
        found = self.connection.execute(f"select {text} from {self.name} order by i").fetchall()
        return [value for (value,) in found]


@pytest.fixture(scope="module")
def tables() -> Iterator[list[Table]]:
    """Tables of random rows."""
    with duckdb.connect() as connection:
        connection.execute("create macro has_offer(scope, offer) as map_extract_value(scope.offers, offer)")
        yield [Table(connection, seed) for seed in range(TABLES)]


def into_duckdb(connection: duckdb.DuckDBPyConnection, table: pl.DataFrame, name: str) -> None:
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


@settings(max_examples=700, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=ANY, number=st.integers(0, TABLES - 1))
def test_engines_agree(tables, text, number):
    """Row function, Polars and DuckDB give equal values, NULLs included, for every expression and row."""
    table = tables[number]
    expression = parse(text, PLACE, SCHEMA)
    by_row = as_dates(list(map(row(expression, LAYOUT), table.rows)), expression.type)
    assert framed(table.frame, expression) == by_row
    assert table.ask(source(expression)) == by_row


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=expressions("number", 3) | expressions("boolean", 3), seed=st.integers(0, 2**32 - 1))
def test_engines_agree_beyond_float64(text, seed):
    """A result that is no finite number is NULL in both engines, wherever in the expression it arises."""
    rows = random_rows(seed, EXTREMES)
    expression = parse(text, PLACE, SCHEMA)
    by_row = list(map(row(expression, LAYOUT), rows))
    assert all(not isinstance(value, float) or math.isfinite(value) for value in by_row)
    assert framed(as_frame(rows), expression) == by_row


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=ANY)
def test_source_is_canonical(text):
    """The canonical text, parsed again, gives the same tree but for guarded divisions, and the same text."""
    expression = parse(text, PLACE, SCHEMA)
    again = parse(source(expression), PLACE, SCHEMA)
    assert source(again) == source(expression)
    assert "/" in text or again.node == expression.node


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=expressions("number", 2), seed=st.integers(0, 2**32 - 1))
def test_whole_numbers_are_numbers(text, seed):
    """A whole number given as Python's int gives what the float that it equals gives."""
    expression = parse(text, PLACE, SCHEMA)
    pool: list[Value] = [0, 1, 2, 3, -7, 2**53, 94906267, 10**9 + 7]
    evaluate = row(expression, LAYOUT)
    for values in random_rows(seed, pool)[:50]:
        floats = [float(value) if type(value) is int else value for value in values]
        assert evaluate(values) == evaluate(floats)
