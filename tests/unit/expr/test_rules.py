"""Many rules and many numbers at once say what the row function says of each alone, in every layout."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hogar.errors import Place
from hogar.expr import PASSES, Expression, Numbers, RuleColumn, Rules, Subjects, Value, parse, row
from hogar.telco.catalogue import FeatureType

PLACE = Place(file="test.yml")
COLUMNS = (
    RuleColumn(name="line.x", type="number"), RuleColumn(name="line.y", type="number"),
    RuleColumn(name="line.t", type="text", dictionary=("a", "b", "c")), RuleColumn(name="line.b", type="boolean"),
    RuleColumn(name="line.d", type="date"), RuleColumn(name="event.kind", type="text"),
    RuleColumn(name="event.size", type="number"),
)  # fmt: skip
CUT = 5  # the columns before have a value for each subject
GIVEN: tuple[Value, ...] = ("new", 3.0)
SCHEMA: dict[str, FeatureType] = {column.name: column.type for column in COLUMNS}
LAYOUT = {column.name: number for number, column in enumerate(COLUMNS)}
CONDITIONS = (
    "line.x < 3", "line.x >= 3", "line.x between 1 and 4", "line.x <> 2", "line.x in (0, 2, 4)", "line.x is null",
    "coalesce(line.x, 9) > 5", "not line.b", "line.b", "line.t = 'b'", "line.t in ('a', 'c')", "line.t like 'b%'",
    "nullif(line.t, 'a') = 'b'", "line.d > date '1970-01-03'", "line.x < line.y", "line.x + line.y > 4",
    "event.kind = 'new'", "event.kind = 'old' or line.b", "event.size > line.x", "line.x < 3 or line.x > 4",
)  # fmt: skip


def read(text: str) -> Expression:
    return parse(text, PLACE, SCHEMA)


def some_rows(count: int, seed: int = 0) -> list[list[Value]]:
    """Random subjects, a fifth of the values unknown."""
    rng = np.random.default_rng(seed)
    rows: list[list[Value]] = []
    for _ in range(count):
        values: list[Value] = [
            float(rng.integers(6)), float(rng.integers(6)), "abc"[rng.integers(3)], bool(rng.integers(2)),
            int(rng.integers(6)),
        ]  # fmt: skip
        rows.append([None if rng.random() < 0.2 else value for value in values])
    return rows


def expected(rules: list[list[str]], rows: list[list[Value]]) -> list[list[int]]:
    """The codes, asked one after the other."""
    tests = [[row(read(text), LAYOUT) for text in rule] for rule in rules]
    return [[code(rule, [*values, *GIVEN]) for rule in tests] for values in rows]


def code(rule: list, values: list[Value]) -> int:
    truths = [test(values) for test in rule]
    return next((2 * n + (truth is None) for n, truth in enumerate(truths) if truth is not True), PASSES)


def laid_out(rules: list[list[str]]) -> Rules:
    return Rules.of([[read(text) for text in rule] for rule in rules], COLUMNS, cut=CUT)


def matrix(rows: list[list[Value]]) -> np.ndarray:
    codes = [column.codes if column.type == "text" else {} for column in COLUMNS]
    return np.array(
        [[of.get(value, value) for of, value in zip(codes, values, strict=False)] for values in rows], dtype=np.float64
    ).reshape(-1, CUT).T  # fmt: skip


RULES = [
    list(CONDITIONS[:3]), [], [CONDITIONS[0]], list(CONDITIONS), list(reversed(CONDITIONS)),
    *([text] for text in CONDITIONS),
]  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 8, 9, 48, 49, 65, 700])
def test_codes_are_those_of_each_condition_for_any_number_of_subjects(count: int) -> None:
    """One subject, lanes, blocks, closures and frames: one answer."""
    rows = some_rows(count)
    assert laid_out(RULES).codes(matrix(rows), GIVEN).tolist() == expected(RULES, rows)


def test_no_rules_and_no_subjects() -> None:
    """Nothing asked or nobody there is an empty answer, a rule without conditions passes."""
    assert laid_out([]).codes(matrix(some_rows(3)), GIVEN).shape == (3, 0)
    assert laid_out(RULES).codes(matrix([]), GIVEN).shape == (0, len(RULES))
    assert laid_out([[], []]).codes(matrix(some_rows(2)), GIVEN).tolist() == [[PASSES] * 2] * 2


def test_some_of_the_rules_in_another_order() -> None:
    """What is left of the rules answers as it did among all."""
    rules, rows = laid_out(RULES), some_rows(20)
    wanted = np.random.default_rng(1).permutation(len(RULES))[:9]
    some = rules.only(wanted).codes(matrix(rows), GIVEN)
    assert (some == rules.codes(matrix(rows), GIVEN)[:, wanted]).all()
    assert (rules.only(wanted).only(np.arange(3)).codes(matrix(rows), GIVEN) == some[:, :3]).all()
    assert rules.only(wanted[:0]).codes(matrix(rows), GIVEN).shape == (20, 0)


def test_more_constants_than_a_byte_has_values() -> None:
    """A column with thousands of constants takes several tracks; each constant cuts where it is written."""
    rules = [[f"line.x {op} {n / 4}"] for n in range(800) for op in ("<", ">=", "=")]
    rules += [[f"line.x between {n / 4} and {n / 2}"] for n in range(400)]
    found = laid_out(rules)
    assert len(found.tracks.column) > 800 / 254
    rows: list[list[Value]] = [
        [x, None, None, None, None] for x in (0.0, -1.0, 49.75, 49.8, 100.0, 199.75, 500.0)
    ]
    assert found.codes(matrix(rows), GIVEN).tolist() == expected(rules, rows)


def test_identical_conditions_are_laid_out_once() -> None:
    """A hundred rules with the same conditions need no more tracks and closures than one."""
    one, many = laid_out([list(CONDITIONS)]), laid_out([list(CONDITIONS)] * 100)
    assert len(many.tracks.marks) == len(one.tracks.marks)
    assert len(many.rest) == len(one.rest) == 5


def test_a_row_becomes_a_subject() -> None:
    """Rows of Python values become the matrix; a text that no dictionary has is refused."""
    rules = Rules.of([[read("line.t = 'b'")], [read("line.b")]], COLUMNS[2:4])
    assert rules.codes(rules.matrix([["b", True], [None, False]])).tolist() == [[PASSES, PASSES], [1, 0]]
    assert np.isnan(rules.matrix([[None, None]])).all()
    with pytest.raises(KeyError):
        rules.matrix([["z", True]])


def test_a_text_column_with_too_many_values_is_read_by_the_other_engines() -> None:
    """Beyond 4,096 texts a column has no cells, and the codes are the same."""
    column = RuleColumn(name="line.t", type="text", dictionary=tuple(f"t{n}" for n in range(5000)))
    rules = Rules.of([[read("line.t = 't7'")], [read("line.t like '%99'")]], [column])
    assert len(rules.tracks.column) == 0
    found = rules.codes(np.array([[7.0, 4999.0, np.nan]]))
    assert found.tolist() == [[PASSES, 0], [0, PASSES], [1, 1]]


def test_too_many_conditions_and_unknown_names_are_refused() -> None:
    """A rule has at most 120 conditions, and every name a column."""
    with pytest.raises(ValueError, match="more than 120"):
        laid_out([["line.b"] * 121])
    with pytest.raises(KeyError):
        Rules.of([[read("line.x < line.y")]], COLUMNS[:1])


NUMBERS = (
    "0.06", "4 * 12 - 6", "1 / 0", "line.x", "0.1 + 0.2 * coalesce(line.x, 0.5)", "3 + 12 * coalesce(line.y, 0)",
    "line.x / line.y", "line.x / (line.y - 2)", "-line.x + abs(line.y - 4)", "coalesce(line.x / line.y, line.y, 7)",
    "1e300 * line.x * 1e300", "1 / (1e300 * line.x * 1e300)", "case when line.b then line.x else 2 end",
    "event.size * line.x", "greatest(line.x, 2)", "coalesce(line.x, event.size)", "round(line.x / 3, 1)",
    "coalesce(1e300 * line.x * 1e300, 5)", "0 * (1 / line.y)",
)  # fmt: skip


def alone(texts: tuple[str, ...], rows: list[list[Value]]) -> list[list[float]]:
    """Each number of each subject by the row function, NaN for NULL."""
    tests = [row(read(text), LAYOUT) for text in texts]
    found = [[test([*values, *GIVEN]) for values in rows] for test in tests]
    return [[math.nan if value is None else float(value) for value in values] for values in found]  # type: ignore[arg-type]


@pytest.mark.parametrize("few_max", [0, 1000])
@pytest.mark.parametrize("count", [1, 5, 200])
def test_numbers_are_those_of_each_expression_to_the_last_bit(count: int, few_max: int) -> None:
    """By form, by closure and by frame: the same float64, NaN for NULL."""
    numbers = Numbers.of([read(text) for text in NUMBERS], COLUMNS, cut=CUT)
    rows = some_rows(count, seed=count)
    subjects = Subjects(COLUMNS, matrix(rows), GIVEN, reads=numbers.reads, few_max=few_max)
    which, subject = (each.ravel() for each in np.indices((len(NUMBERS), count)))
    found = numbers.at(which, subject, subjects).reshape(len(NUMBERS), count)
    assert np.array_equal(found, np.array(alone(NUMBERS, rows)), equal_nan=True)
    backwards = numbers.at(which[::-1][:7], subject[::-1][:7], subjects)
    assert np.array_equal(
        backwards, found[-1, ::-1][:7] if count >= 7 else found.ravel()[::-1][:7], equal_nan=True
    )


LEAVES = st.sampled_from(["line.x", "line.y", "0.1", "3", "0", "1e200", "event.size"])


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(
        st.recursive(
            LEAVES,
            lambda inner: st.one_of(
                st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
                st.tuples(inner, inner).map(lambda t: f"coalesce({t[0]}, {t[1]})"),
                inner.map(lambda text: f"(-{text})"),
                inner.map(lambda text: f"abs({text})"),
            ),
            max_leaves=6,
        ),
        min_size=1,
        max_size=4,
    ),
    seed=st.integers(0, 1000),
)
def test_any_form_agrees(texts: list[str], seed: int) -> None:
    """Random arithmetic over random values, overflow and division by zero included."""
    numbers = Numbers.of([read(text) for text in texts], COLUMNS, cut=CUT)
    rows = some_rows(60, seed)
    subjects = Subjects(COLUMNS, matrix(rows), GIVEN, reads=numbers.reads)
    which, subject = (each.ravel() for each in np.indices((len(texts), len(rows))))
    found = numbers.at(which, subject, subjects).reshape(len(texts), len(rows))
    assert np.array_equal(found, np.array(alone(tuple(texts), rows)), equal_nan=True)
