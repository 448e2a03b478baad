"""The bit index says of every rule and subject what the row function says of its conditions, one after the other.

Here lies the fourth engine; `test_expr_engines` holds the row function equal to the other two. A case is one
condition of a rule held against one subject.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from expr_worlds import (
    LAYOUT,
    LITERALS,
    MANY,
    PLACE,
    SCHEMA,
    examples,
    expressions,
    random_rows,
)
from hypothesis import example, given
from hypothesis import strategies as st

from hogar.expr import Numbers, RuleColumn, Rules, Subjects, Value, conjuncts, parse, row
from hogar.telco.catalogue import FeatureType

pytestmark = pytest.mark.timeout(1800)  # with `make properties` on a busy machine
CASES = 2_000_000 if MANY else 75_000
PASSES = 255
TABLES = [random_rows(seed, 250) for seed in range(4)]
DICTIONARY = tuple(
    sorted({value for rows in TABLES for values in rows for value in values if isinstance(value, str)})
)
COLUMNS = tuple(
    RuleColumn(name=name, type=kind, dictionary=DICTIONARY if kind == "text" else ())
    for name, kind in SCHEMA.items()
)


def matrix(rows: list[list[Value]]) -> np.ndarray:
    """The rows as the index takes them: a float a value, NaN for NULL, texts as codes of the dictionary."""

    def number(value: Value) -> float:
        if value is None:
            return math.nan
        return float(DICTIONARY.index(value)) if isinstance(value, str) else float(value)

    return np.array([[number(value) for value in values] for values in rows]).T


MATRICES = [matrix(rows) for rows in TABLES]


def on_one_name(kind: FeatureType) -> st.SearchStrategy[str]:
    """Conditions on one name of a type, which the index lays out as steps."""
    names = st.sampled_from([name for name, type_ in SCHEMA.items() if type_ == kind])
    if kind == "boolean":
        return st.tuples(st.sampled_from(["", "not ", "true = "]), names).map("".join)
    signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    bounds = st.tuples(LITERALS[kind], LITERALS[kind])
    return st.one_of(
        st.tuples(names, signs, LITERALS[kind]).map(" ".join),
        st.tuples(names, bounds).map(lambda both: f"{both[0]} not between {both[1][0]} and {both[1][1]}"),
        st.tuples(names, bounds).map(lambda both: f"coalesce({both[0]}, {both[1][0]}) in ({both[1][1]})"),
        names.map("{} is null".format),
    )


CONDITION = st.one_of(
    *(on_one_name(kind) for kind in ("number", "number", "text", "date", "boolean")),
    expressions("boolean", 2),
)
RULES = st.lists(st.lists(CONDITION, min_size=1, max_size=5), min_size=1, max_size=8)


def expected(rules: list[list[str]], rows: list[list[Value]]) -> list[list[int]]:
    """For each row and rule: twice the position of the first condition that does not hold, one more where unknown."""
    asked = [[row(parse(text, PLACE, SCHEMA), LAYOUT) for text in rule] for rule in rules]

    def code(conditions: list, values: list[Value]) -> int:
        for position, condition in enumerate(conditions):
            truth = condition(values)
            if truth is not True:
                return 2 * position + (truth is None)
        return PASSES

    return [[code(conditions, values) for conditions in asked] for values in rows]


def test_the_index_agrees():
    """Every rule's code for every subject is the row function's, asked of many at once and of few."""
    cases = 0

    @examples(80, 1_500)
    @example(texts=[["household.p = person.q"] * 2], number=0, alone=0)
    @given(texts=RULES, number=st.integers(0, len(TABLES) - 1), alone=st.integers(0, 249))
    def agree(texts: list[list[str]], number: int, alone: int) -> None:
        nonlocal cases
        rows = TABLES[number]
        rules = Rules.of([[parse(text, PLACE, SCHEMA) for text in rule] for rule in texts], COLUMNS)
        codes = expected(texts, rows)
        assert rules.codes(MATRICES[number]).tolist() == codes
        few = slice(alone, alone + 5)
        assert rules.codes(np.ascontiguousarray(MATRICES[number][:, few])).tolist() == codes[few]
        cases += sum(map(len, texts)) * len(rows)

    agree()
    assert cases >= CASES


NUMBERS = st.lists(expressions("number", 2) | expressions("number", 3), min_size=1, max_size=6)


@examples(100, 2_000)
@given(texts=NUMBERS, number=st.integers(0, len(TABLES) - 1), few=st.booleans(), seed=st.integers(0, 99))
def test_numbers_agree(texts: list[str], number: int, few: bool, seed: int) -> None:
    """Numbers asked for pairs of an expression and a subject are the row function's to the last bit."""
    rows = TABLES[number][:6] if few else TABLES[number]
    parsed = [parse(text, PLACE, SCHEMA) for text in texts]
    numbers = Numbers.of(parsed, COLUMNS)
    subjects = Subjects(
        COLUMNS, np.ascontiguousarray(MATRICES[number][:, : len(rows)]), reads=range(len(COLUMNS))
    )
    chance = np.random.default_rng(seed)
    which, whom = chance.integers(0, len(texts), 400), chance.integers(0, len(rows), 400)
    asked = [row(expression, LAYOUT) for expression in parsed]
    wanted = [asked[n](rows[at]) for n, at in zip(which.tolist(), whom.tolist(), strict=True)]
    found = [None if value != value else value for value in numbers.at(which, whom, subjects).tolist()]
    assert found == wanted


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_unknown(number):
    """A number that is not finite is unknown to the index too."""
    condition = parse("household.a > 3 and household.a is not null", PLACE, SCHEMA)
    rules = Rules.of([conjuncts(condition), conjuncts(condition)[1:]], COLUMNS)
    values = np.full((len(COLUMNS), 1), math.nan)
    values[LAYOUT["household.a"]] = number
    assert rules.codes(values).tolist() == [[1, 0]]
