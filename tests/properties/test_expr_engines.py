"""One language, three engines: row function, Polars and DuckDB over the guarded text agree.

A case is one expression asked about one row; the tests count their cases: 125,000 in `make test` (five seconds), ten
million in `make properties` (two minutes).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import duckdb
import pytest
from expr_worlds import (
    ANY,
    EXTREMES,
    LAYOUT,
    MANY,
    PLACE,
    SCHEMA,
    TABLES,
    Table,
    as_dates,
    as_frame,
    examples,
    expressions,
    framed,
    random_rows,
)
from hypothesis import given
from hypothesis import strategies as st

from hogar.expr import Value, parse, row, source

pytestmark = pytest.mark.timeout(1800)  # with `make properties` on a busy machine
CASES = 10_000_000 if MANY else 125_000


@pytest.fixture(scope="module")
def tables() -> Iterator[list[Table]]:
    """Tables of random rows."""
    with duckdb.connect() as connection:
        connection.execute("create macro has_offer(scope, offer) as map_extract_value(scope.offers, offer)")
        yield [Table(connection, seed) for seed in range(TABLES)]


def test_engines_agree(tables):
    """Row function, Polars and DuckDB give equal values to the last bit, NULLs included, for every case."""
    asked = 0

    @examples(500, 10_000)
    @given(text=ANY, number=st.integers(0, TABLES - 1))
    def agree(text: str, number: int) -> None:
        nonlocal asked
        table = tables[number]
        expression = parse(text, PLACE, SCHEMA)
        by_row = as_dates(list(map(row(expression, LAYOUT), table.rows)), expression.type)
        assert all(not isinstance(value, float) or math.isfinite(value) for value in by_row)
        assert framed(table.frame, expression) == by_row
        assert table.ask(source(expression, guarded=True)) == by_row
        asked += len(table.rows)

    agree()
    assert asked >= CASES


def test_engines_agree_beyond_float64():
    """Sums, products, logarithms and powers at the ends of float64 agree too, wherever in the expression they arise."""

    @examples(200, 2_000)
    @given(text=expressions("number", 3) | expressions("boolean", 3), seed=st.integers(0, 2**32 - 1))
    def agree(text: str, seed: int) -> None:
        rows = random_rows(seed, 100, EXTREMES)
        expression = parse(text, PLACE, SCHEMA)
        by_row = list(map(row(expression, LAYOUT), rows))
        assert all(not isinstance(value, float) or math.isfinite(value) for value in by_row)
        assert framed(as_frame(rows), expression) == by_row

    agree()


@examples(200, 2_000)
@given(text=ANY)
def test_source_is_canonical(text):
    """The canonical text, parsed again, gives the same text, and but for guards the same tree."""
    expression = parse(text, PLACE, SCHEMA)
    again = parse(source(expression), PLACE, SCHEMA)
    assert source(again) == source(expression)
    assert "/" in text or "ln" in text or again.node == expression.node


@examples(200, 2_000)
@given(text=expressions("number", 2), seed=st.integers(0, 2**32 - 1))
def test_whole_numbers_are_numbers(text, seed):
    """A whole number given as Python's int gives what the float that it equals gives."""
    expression = parse(text, PLACE, SCHEMA)
    pool: list[Value] = [0, 1, 2, 3, -7, 2**53, 94906267, 10**9 + 7]
    evaluate = row(expression, LAYOUT)
    for values in random_rows(seed, 50, pool):
        floats = [float(value) if type(value) is int else value for value in values]
        assert evaluate(values) == evaluate(floats)
