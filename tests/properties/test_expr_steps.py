"""A condition on one name is known everywhere once it is known at its breakpoints, between them and at NULL."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hogar.errors import Place
from hogar.expr import Steps, Value, parse, row, step_points
from hogar.telco.catalogue import FeatureType

PLACE = Place(file="test.yml")
SCHEMA: dict[str, FeatureType] = {"line.x": "number", "line.d": "date"}
NUMBERS = st.sampled_from([-1.0, 0.0, 0.1, 0.30000000000000004, 1.0, 2.0, 1e300, 5e-324]) | st.floats(
    -100, 100
)
DAYS = st.integers(19_000, 19_010)


def conditions(name: str, literal: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts of conditions that compare one name, or the name or a constant where it is NULL, with constants."""
    bare = st.just(name) | literal.map(lambda constant: f"coalesce({name}, {constant})")
    comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    listed = st.lists(literal, min_size=1, max_size=3).map(", ".join)

    def form(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*parts).map(lambda texts: pattern.format(*texts))

    leaves = st.one_of(
        form("{} {} {}", bare, comparisons, literal),
        form("{} {} {}", literal, comparisons, bare),
        form("{} between {} and {}", bare, literal, literal),
        form("{} in ({})", bare, listed),
        form("{} is null", bare),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            form("({}) {} ({})", inner, st.sampled_from(["and", "or", "=", "<>"]), inner),
            form("not ({})", inner),
            form("({}) is {}", inner, st.sampled_from(["true", "not true", "false", "null"])),
            form("case when {} then {} end", inner, inner),
            form("case when {} then 2 else 1 end * 3 > 4", inner),
        ),
        max_leaves=6,
    )


def known(steps: Steps, cells: list[Value], null: Value, value: float | None) -> Value:
    """What the table of cells says of a value."""
    if value is None:
        return null
    i = bisect_left(steps.points, value)
    is_point = i < len(steps.points) and steps.points[i] == value
    return cells[2 * i + is_point]


@settings(max_examples=300, deadline=None)
@given(text=conditions("line.x", NUMBERS.map(repr)), values=st.lists(st.none() | NUMBERS, max_size=20))
def test_numbers(text, values):
    """The truths at the samples and at NULL give the truth at any number, and at each constant of the text."""
    expression = parse(text, PLACE, SCHEMA)
    steps = step_points(expression)
    assert steps is not None
    assert (steps.name, steps.type) == ("line.x", "number")
    evaluate = row(expression, {"line.x": 0})
    cells = [evaluate([sample]) for sample in steps.samples]
    assert len(cells) == 2 * len(steps.points) + 1
    for value in [*values, *steps.points]:
        assert known(steps, cells, evaluate([None]), value) == evaluate([value])


@settings(max_examples=100, deadline=None)
@given(
    text=conditions("line.d", DAYS.map(lambda day: f"date '{date(1970, 1, 1) + timedelta(days=day)}'")),
    values=st.lists(st.none() | DAYS, max_size=20),
)
def test_dates(text, values):
    """Dates step like numbers, as days since 1970-01-01."""
    expression = parse(text, PLACE, SCHEMA)
    steps = step_points(expression)
    assert steps is not None
    assert steps.type == "date"
    evaluate = row(expression, {"line.d": 0})
    cells = [evaluate([sample]) for sample in steps.samples]
    for value in [*values, *map(int, steps.points)]:
        assert known(steps, cells, evaluate([None]), value) == evaluate([value])
