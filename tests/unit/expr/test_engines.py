"""The row function and the Polars expression give the values that the language promises."""

from __future__ import annotations

import math
from datetime import date

import polars as pl
import pytest

from hogar.errors import Place
from hogar.expr import Value, frame, parse, row, step_points
from hogar.telco.catalogue import FeatureType

PLACE = Place(file="a.yml")
SCHEMA: dict[str, FeatureType] = {"h.a": "number", "h.p": "boolean", "h.t": "text", "h.d": "date"}
LAYOUT = {name: position for position, name in enumerate(SCHEMA)}


def both(text: str, *values: Value) -> Value:
    """The value for one row, once the table of that row has given the same."""
    expression = parse(text, PLACE, SCHEMA)
    by_row = row(expression, LAYOUT)(values)
    types = {"h.a": pl.Float64, "h.p": pl.Boolean, "h.t": pl.String, "h.d": pl.Int32}
    table = pl.DataFrame([list(values)], schema=types, orient="row")
    assert table.select(frame(expression)).item() == by_row
    return by_row


ALL_NULL = (None, None, None, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("h.p and false", False),
        ("h.p or true", True),
        ("h.p and true", None),
        ("not h.p", None),
        ("h.a between 1 and h.a", None),
        ("5 between h.a and 2", False),
        ("h.a in (1)", None),
        ("h.t like '%'", None),
        ("h.p is not true", True),
        ("h.p is false", False),
        ("h.a is null", True),
        ("coalesce(h.a, 7)", 7.0),
        ("least(h.a, 3)", 3.0),
        ("nullif(3, h.a)", 3.0),
        ("case when h.p then 1 else 2 end", 2.0),
        ("h.a + 1", None),
        ("1 / 0", None),
        ("1 / (1 / 0)", None),
        ("1e308 * 10 - 1e308 * 10", None),
        ("1 / (1e308 * 10)", None),
        ("round(2.5) + round(-2.5)", 0.0),
        ("round(1.005, 2)", 1.0),
        ("round(0.49999999999999994)", 0.0),
        ("round(1e300, 9)", 1e300),
        ("round(1250, -2)", 1300.0),
        ("ln(0)", None),
        ("ln(-1)", None),
        ("ln(exp(2))", 2.0),
        ("ln(1e308 * 10)", None),
        ("exp(709.782712893384) > 1.79e308", True),
        ("exp(709.7827128933841)", None),
        ("exp(-1000)", 0.0),
        ("1 / ln(1)", None),
        ("exp(h.a)", None),
        ("'a' < 'B'", False),
        ("'a.b' like 'a_b'", True),
        ("'axb' like 'a.b'", False),
        ("'x%y' like '%\\%%'", False),
    ],
)
def test_values(text, value):
    """NULL goes its way by SQL's three-valued logic; arithmetic that leaves the finite numbers gives NULL."""
    assert both(text, *ALL_NULL) == value


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("h.a > 3", None),
        ("h.a is null", True),
        ("coalesce(h.a, 7)", 7.0),
        ("1 / h.a", None),
        ("-h.a", None),
        ("abs(h.a)", None),
        ("round(h.a)", None),
        ("least(h.a, 3)", 3.0),
        ("h.a in (1)", None),
        ("h.a", None),
    ],
)
def test_what_is_not_finite_is_unknown(text, value, number):
    """NaN and the infinities in the data are NULL, in whatever way they are asked about."""
    assert both(text, number, None, None, None) == value


def test_texts_that_look_alike_differ():
    """Texts are code points: composed and decomposed letters are two texts, and `_` is one code point."""
    assert both("h.t = 'é'", None, None, "e\u0301", None) is False
    assert both("h.t like '_'", None, None, "😀", None) is True
    assert both("h.t like '_'", None, None, "e\u0301", None) is False


def test_tables_of_other_types():
    """Columns may be of any numeric type, dates and texts of any form Polars has for them."""
    table = pl.DataFrame(
        {"h.a": [1, 2, None], "h.d": [date(2026, 1, 1), None, date(2026, 3, 1)], "h.t": ["a", "b", None]}
    )
    table = table.cast({"h.t": pl.Categorical})
    expression = parse("h.a / 2 < 1 or h.d > date '2026-02-01' or h.t = 'b'", PLACE, SCHEMA)
    assert table.select(frame(expression)).to_series().to_list() == [True, True, True]
    latest = parse("greatest(h.d, date '2026-02-01')", PLACE, SCHEMA)
    assert table.select(frame(latest)).to_series().to_list() == [
        date(2026, 2, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]


def test_an_empty_table_gives_an_empty_column():
    """No rows in, no rows out, also where a constant decides."""
    table = pl.DataFrame(schema={"h.a": pl.Float64})
    assert table.select(frame(parse("coalesce(1, h.a) = 1", PLACE, SCHEMA))).height == 0


def test_a_layout_without_a_name_is_refused():
    """`row` says which name the layout lacks."""
    with pytest.raises(KeyError, match=r"h\.a"):
        row(parse("h.a > 1", PLACE, SCHEMA), {})


def test_patterns_are_never_slow():
    """A pattern with many `%` is answered at once for a text that nearly matches."""
    assert both("h.t like '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b_'", None, None, "a" * 3000, None) is False


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("h.a > 3 or h.a between 1 and 2 and h.a is not null", (1.0, 2.0, 3.0)),
        ("coalesce(h.a, 7) in (5, 4)", (4.0, 5.0)),
        ("30 * 2 > h.a", (60.0,)),
        ("h.a is null", ()),
        ("h.d < date '1970-01-11'", (10.0,)),
        ("h.t like 'x%' or h.t > 'y'", ()),
        ("case when h.p then 1 else 2 end > 1", ()),
    ],
)
def test_step_points(text, points):
    """A condition on one name has its constants as breakpoints; texts and truths have none."""
    steps = step_points(parse(text, PLACE, SCHEMA))
    assert steps is not None
    assert steps.points == points


@pytest.mark.parametrize(
    "text", ["h.a + 1 > 2", "h.a > 1 and h.p", "h.a = h.a", "h.a", "true", "round(h.a) = 1"]
)
def test_no_step_points(text):
    """Arithmetic on the name, two names or no condition: no steps."""
    assert step_points(parse(text, PLACE, SCHEMA)) is None
