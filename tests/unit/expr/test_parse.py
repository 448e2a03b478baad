"""What is of the language is read; everything else is a problem with its place and, where there is one, a cure."""

from __future__ import annotations

import pytest

from hogar.errors import Place, ProblemsFound
from hogar.expr import DEPTH_MAX, NODES_MAX, parse
from hogar.telco.catalogue import FeatureType

PLACE = Place(file="a.yml", line=4, column=10)
SCHEMA: dict[str, FeatureType] = {
    "household.mobile_lines": "number",
    "household.technology": "text",
    "household.has_tv": "boolean",
    "household.has_offer('FAM-4')": "boolean",
    "line.end": "date",
}


def problems(text: str) -> list[str]:
    """The problems of a text, each as one line."""
    with pytest.raises(ProblemsFound) as found:
        parse(text, PLACE, SCHEMA)
    return [str(problem) for problem in found.value.problems]


def test_all_problems_come_at_once_with_their_places():
    """Names, types and literals that are wrong are told together, also on later lines."""
    text = "household.mobil_lines > 3\n  and household.technology = 3\n  and line.end < date '2026-02-30'"
    assert problems(text) == [
        "a.yml:4:10: `household.mobil_lines` is not known here; did you mean `household.mobile_lines`?",
        "a.yml:5:7: `household.technology` is a text, `3` is a number: they cannot be compared;"
        " texts stand in single quotes",
        "a.yml:6:23: `2026-02-30` is no date; write it as date '2026-01-31'",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "mobile_lines > 2",
            "a.yml:4:10: `mobile_lines` is not known here; did you mean `household.mobile_lines`?",
        ),
        (
            "line.mobile_lines > 2",
            "`line.mobile_lines` is not known here; did you mean `household.mobile_lines`?",
        ),
        ("household.has_offer('FAM-5')", "did you mean `household.has_offer('FAM-4')`?"),
        (
            'household.technology = "fibre"',
            "a.yml:4:33: `fibre` is a name here; texts stand in single quotes: 'fibre'",
        ),
        ("line.end < '2026-01-01'", "they cannot be compared; write date '2026-01-01'"),
        ("household.mobile_lines = '3'", "numbers stand without quotes"),
        ("household.has_tv = 1", "write it alone, or with `not` before it"),
        (
            "household.has_tv < true",
            "`household.has_tv` is true or false: it has no order; use `=`, `<>` or `not`",
        ),
        (
            "household.mobile_lines and household.has_tv",
            "is a number, needed here is true or false; compare it: `> 0`",
        ),
        ("line.end + 30 > line.end", "the difference of two dates is a number of days"),
        ("case when household.has_tv then 1 else 'x' end", "`'x'` is a text, another result is a number"),
        ("case when household.has_tv then null end", "every result is NULL"),
        ("household.mobile_lines = null", "`null` has no type here; test with `is null` or `is not null`"),
        ("household.mobile_lines in (1, null)", "`in` needs a list of literals"),
        ("household.mobile_lines in ()", "`in` needs a list of literals"),
        ("household.mobile_lines in (select 1)", "sub-queries do not exist here"),
        ("household.mobile_lines is json", "`is` asks for null, true or false"),
        ("(select 1)", "sub-queries do not exist here"),
        ("exists(select 1)", "sub-queries do not exist here"),
        (
            "lower(household.technology) = 'x'",
            "the function `lower` does not exist here; make a feature of it",
        ),
        (
            "roud(household.mobile_lines) = 1",
            "the function `roud` does not exist here; did you mean `round`?",
        ),
        ("household.has_offer(1)", "this call does not exist here"),
        ("household.a.has_offer('x')", "this call does not exist here"),
        ("round(household.mobile_lines, 1.5) = 1", "`round` needs a whole number of digits from -9 to 9"),
        ("round(household.mobile_lines, 10) = 1", "`round` needs a whole number of digits from -9 to 9"),
        ("household.mobile_lines between symmetric 1 and 2", "write the smaller bound first"),
        ("household.mobile_lines::int = 2", "casts do not exist here"),
        ("date('2026-01-01') = line.end", "write date '2026-01-31'"),
        ("household.technology ilike 'x'", "write `like` with `%` and `_`"),
        ("household.technology like 'x' escape '!'", "write `like` with `%` and `_`"),
        ("household.technology like household.technology", "`like` needs a pattern in quotes"),
        ("household.mobile_lines % 2 = 0", "`%` does not exist here; make a feature of it"),
        ("frob(household.mobile_lines) = 2", "functions are `abs`, `coalesce`, `exp`"),
        ("log(household.mobile_lines) > 2", "the function `log` does not exist here; write `ln(x)`"),
        ("household.mobile_lines ^ 2 > 2", "powers do not exist here; write `exp(y * ln(x))`"),
        ("abs(household.mobile_lines ^ 2) > 2", "powers do not exist here; write `exp(y * ln(x))`"),
        (
            "datediff('day', line.end, line.end) = 2",
            "the difference of two dates is a number of days: `a - b`",
        ),
        ("current_date > line.end", "the function `current_date` does not exist here; write `context.today`"),
        ("max(household.mobile_lines, 2) = 2", "write `greatest(a, b)`"),
        ("household.has_tv && true", "`&&` does not exist here; write `and`"),
        ("household.has_tv || true", "conditions are joined by `or`"),
        ("household.mobile_lines is not distinct from 2", "write `a = b or (a is null and b is null)`"),
        ("household.technology contains 'x'", "`contains` was not expected here; write `like '%...%'`"),
        ("household.mobile_lines =< 2", "a.yml:4:33: `=<` was not expected here; write `<=`"),
        ("household.mobile_lines ≥ 2", "`≥` was not expected here; write `>=`"),
        ("household.mobile_lines === 2", "`=` was not expected here; one `=` compares"),
        ("household.mobile_lines > 1,000", "a number has a point and no commas"),
        ("household.technology = ‘x’", "texts stand in straight single quotes"),
        ("`household`.has_tv", "names stand without quotes"),
        ("household.has_tv ? 1 : 2", "write `case when ... then ... else ... end`"),
        ("(household.has_tv", "a parenthesis is left open"),
        ("case when household.has_tv then 1", "a `case` is left open: add `end`"),
        ("ln(household.technology) > 1", "make a feature of it that is a number"),
        ("line.end > 3", "they cannot be compared; write date '2026-01-31'"),
        ("case household.mobile_lines when 1 then 2 end = 1", "write `case when ... = ... then ... end`"),
        ("if(household.has_tv, 1, 2) = 1", "write `case when ... then ... else ... end`"),
        ("1e999 > household.mobile_lines", "`1e999` is too large for a number"),
        ("household.has_tv; drop table x", "a.yml:4:26: `;` was not expected here"),
        ("household.has_tv and", "a.yml:4:27: the expression breaks off after `and`"),
        ("household.has_tv or or true", "`or` was not expected here"),
        ("household.has_tv as x", "a.yml:4:27: `as` was not expected here"),
        ("household.technology = 'x", "is a quote or a comment left open?"),
        ("household.mobile_lines == 2", "a.yml:4:33: `==` does not exist here; one `=` compares"),
        ("!household.has_tv", "`!` does not exist here; write `not`"),
        (
            "ifnull(household.mobile_lines, 0) > 2",
            "the function `ifnull` does not exist here; write `coalesce(a, b)`",
        ),
        (
            "nvl(household.mobile_lines, 0) > 2",
            "the function `nvl` does not exist here; write `coalesce(a, b)`",
        ),
        ("household.technology isnull", "`isnull` does not exist here; write `is null`"),
        ("household.technology notnull", "write `is not null`"),
        ("household.has_tv is unknown", "write `is null`"),
        ("household.technology ~~ 'x'", "write `like`"),
        ("household.mobile_lines > 24 months", "`24 months` is no number; write the number alone"),
        (
            "household.mobile_lines between 10 to 50",
            "`to` was not expected here; write `between ... and ...`",
        ),
        ("household.mobile_lines > 10€", "`10€` is no number; write `10`"),
        ("household.mobile_lines > 6%", "`6%` is no number; write `0.06`"),
        (
            "household.mobile_lines = 2 or 3",
            "`3` alone is no condition; write `household.mobile_lines in (2, 3)`",
        ),
        ("person.name = 'Ana'", "who somebody is, is no feature"),
        ("", "a.yml:4:10: the expression is empty"),
        ("   -- nothing", "a.yml:4:10: the expression is empty"),
    ],
)
def test_what_does_not_exist_is_refused(text, said):
    """A problem says what is wrong in the author's words, and what to write instead."""
    assert any(said in problem for problem in problems(text)), problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "household.mobile_lines =< 2 and nosuch.name > 3 and household.mobile_lines > 10€",
        "household.mobile_lines > 2 3 and nosuch.name > 3 and (household.has_tv or or true)",
        "(household.has_tv or or true) and household.mobile_lines > > 2 and nosuch.name",
        "household.mobile_lines == 2 and !household.has_tv and nosuch.name",
    ],
)
def test_syntax_errors_are_told_together_with_the_rest(text):
    """What cannot be read does not hide what else is wrong in the other conditions."""
    assert len(problems(text)) == 3, problems(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" or ".join(["household.mobile_lines = 1"] * (NODES_MAX // 3 + 1)), f"more than {NODES_MAX} parts"),
        ("(" * 60 + "household.has_tv" + ")" * 60, f"deeper than {DEPTH_MAX} levels"),
        ("not " * DEPTH_MAX + "household.has_tv", f"deeper than {DEPTH_MAX} levels"),
        ("not " * 900 + "household.has_tv", f"deeper than {DEPTH_MAX} levels"),
        (" + ".join(["household.mobile_lines"] * 200) + " > 1", f"deeper than {DEPTH_MAX} levels"),
        ("household.has_tv and " * 1_000 + "true", "characters, 10000 allowed"),
        ("1+" * 1_000 + "1", "more than 1000 words"),
    ],
)
def test_size_is_bounded(text, said):
    """Neither many nor nested nor long parts get past the bounds."""
    assert said in problems(text)[0]


def test_a_long_and_is_flat():
    """Many conditions joined by `and` are one level."""
    text = " and ".join(["household.mobile_lines > 1"] * 60)
    assert len(parse(text, PLACE, SCHEMA).node.args) == 60


def test_other_spellings_of_the_same():
    """`!=`, capitals, comments and quoted name parts mean what they mean in DuckDB."""
    one = parse("household.mobile_lines <> 2 and household.technology is null", PLACE, SCHEMA)
    other = parse('household."mobile_lines" != 2 /* why */ AND household.technology IS NULL', PLACE, SCHEMA)
    assert one.node == other.node
    assert one.names == {"household.mobile_lines", "household.technology"}
