"""A warning about conditions is never a false alarm: what is called impossible no row meets, what is called sure holds.

Random conditions over few names and constants, so that contradictions and repetitions are common; each claim is held
against rows of awkward values.
"""

from __future__ import annotations

from itertools import product

import pytest
from expr_worlds import LAYOUT, PLACE, SCHEMA, examples, random_rows
from hypothesis import given
from hypothesis import strategies as st

from hogar.expr import Value, conjuncts, parse, row
from hogar.strategy.lint.conditions import Asked, conditions_findings

pytestmark = pytest.mark.timeout(1800)  # with `make properties` on a busy machine
TEXTS = ["", "a", "ab", "b", "ba", "c"]
DAYS = [20_453, 20_454, 20_455, 20_456]
NUMBERS = [0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0]
ROWS: list[list[Value]] = [
    *random_rows(11, 200),
    *(
        [a, b, None, p, None, None, t, None, d, None]
        for a, p, t, d, b in product(
            [*NUMBERS, None], [True, False, None], [*TEXTS, None], [*DAYS, None], [2.0, None]
        )
    ),
]
SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def about(thing: str, literals: list[str]) -> st.SearchStrategy[str]:
    """Conditions on one thing that compare it with few constants."""
    literal = st.sampled_from(literals)
    return st.one_of(
        st.tuples(st.just(thing), SIGNS, literal).map(" ".join),
        st.tuples(literal, SIGNS, st.just(thing)).map(" ".join),
        st.tuples(literal, literal).map(lambda both: f"{thing} between {both[0]} and {both[1]}"),
        st.lists(literal, min_size=1, max_size=3).map(lambda some: f"{thing} in ({', '.join(some)})"),
        st.tuples(literal, SIGNS, literal).map(
            lambda each: f"coalesce({thing}, {each[0]}) {each[1]} {each[2]}"
        ),
        st.sampled_from([f"{thing} is null", f"{thing} is not null"]),
    )


DATES = [f"date '2026-01-{day:02d}'" for day in (1, 2, 3)]
THINGS = [
    about("household.a", ["1", "2", "3"]),
    about("coalesce(household.a, line.b)", ["1", "2", "3"]),
    about("household.a + line.b", ["2", "4"]),
    about("line.t", ["'a'", "'b'", "''"]),
    st.sampled_from(["line.t like 'a%'", "line.t like '%'", "line.t not like 'a'", "line.t like 'a_'"]),
    about("event.d", DATES),
    st.sampled_from(["household.p", "not household.p", "household.p is true", "household.p = false"]),
    st.sampled_from(["household.a < line.b", "household.a >= line.b", "true", "1 > 2"]),
]  # fmt: skip


def combined(thing: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Conditions, sometimes joined or turned round."""
    return st.one_of(
        thing,
        thing,
        st.tuples(thing, thing).map(lambda both: f"({both[0]} or {both[1]})"),
        thing.map(lambda text: f"not ({text})"),
    )


CONDITIONS = st.sampled_from(THINGS).flatmap(
    lambda thing: st.lists(combined(thing), min_size=1, max_size=4)
) | st.lists(combined(st.one_of(THINGS)), min_size=2, max_size=5)


def test_no_claim_is_false() -> None:
    """Whatever is claimed of random conditions holds for every row; and much is claimed."""
    claims = {"never": 0, "always": 0}

    @examples(400, 3_000)
    @given(texts=CONDITIONS)
    def hold(texts: list[str]) -> None:
        expression = parse(" and ".join(texts), PLACE, SCHEMA)
        asked = [Asked(expression=part, text=part.text, place=part.place) for part in conjuncts(expression)]
        tests = {each.place: row(each.expression, LAYOUT) for each in asked}
        for finding in conditions_findings("this", asked):
            before = [tests[each.place] for each in asked if each.place < finding.place]
            it = tests[finding.place]
            if "never" in finding.what:
                claims["never"] += 1
                assert not any(all(test(values) is True for test in tests.values()) for values in ROWS)
            else:
                claims["always"] += 1
                met = (values for values in ROWS if all(test(values) is True for test in before))
                assert all(it(values) is True for values in met)

    hold()
    assert min(claims.values()) >= 40, claims
