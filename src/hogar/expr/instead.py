"""What to write instead? Words that people bring from SQL, spreadsheets and programs, each with its cure here.

`refusals` looks here for what was read and is not of the language, `syntax` for what could not be read at all.
"""

from __future__ import annotations

from sqlglot import exp

FUNCTIONS = ("abs", "coalesce", "exp", "greatest", "least", "ln", "nullif", "round")

_DAYS = "the difference of two dates is a number of days: `a - b`"
_NULLS = "test with `is null` or `is not null`"
_CASE = "write `case when ... then ... else ... end`"
_LIKE = "write `like` with `%` and `_`"
_FEATURE = "make a feature of it"
_BITS = "conditions are joined by `and` and `or`"
_TODAY = "write `context.today`"
_SAME = "write `a = b or (a is null and b is null)`"

_BY_FUNCTION = {
    **dict.fromkeys(("log", "log10", "log2"), "write `ln(x)`; to base 10 it is `ln(x) / ln(10)`"),
    **dict.fromkeys(("pow", "power"), "write `exp(y * ln(x))`, or `x * x`"),
    **dict.fromkeys(("sqrt", "cbrt"), "write `exp(ln(x) / 2)`"),
    **dict.fromkeys(("floor", "ceil", "ceiling", "trunc", "truncate"), "write `round(x)`"),
    "min": "write `least(a, b)`",
    "max": "write `greatest(a, b)`",
    **dict.fromkeys(("iff", "iif", "decode", "switch", "multiif"), _CASE),
    **dict.fromkeys(("isnull", "notnull", "isna", "isnan", "isfinite"), _NULLS),
    **dict.fromkeys(("datediff", "date_diff", "date_sub", "datesub", "age", "days_between"), _DAYS),
    **dict.fromkeys(("date_add", "dateadd"), _DAYS),
    **dict.fromkeys(("today", "now", "current_date", "current_timestamp", "getdate"), _TODAY),
    **dict.fromkeys(
        ("contains", "starts_with", "startswith", "ends_with", "endswith", "prefix", "suffix", "regexp_matches",
         "strpos", "position", "instr"), _LIKE,
    ),
    **dict.fromkeys(("sum", "avg", "count", "mean", "median", "stddev", "any_value", "first", "last"), _FEATURE),
    **dict.fromkeys(
        ("length", "len", "lower", "upper", "trim", "concat", "replace", "substr", "substring", "left", "right",
         "year", "month", "day", "date_trunc", "date_part", "extract", "dayofweek", "strftime"), _FEATURE,
    ),
    "in": "write `in (1, 2)` or `in ('a', 'b')`",
    "has_offer": "write whose: household.has_offer('X')",
}  # fmt: skip

_BY_TREE: dict[type[exp.Expr], tuple[str, str]] = {
    exp.ArrayOverlaps: ("`&&` does not exist here", "write `and`"),
    exp.DPipe: ("`||` does not exist here", "conditions are joined by `or`; texts are not joined"),
    exp.Pow: ("powers do not exist here", "write `exp(y * ln(x))`, or `x * x`"),
    exp.Mod: ("`%` does not exist here", _FEATURE),
    exp.IntDiv: ("`//` does not exist here", "write `x / y`; numbers keep their fraction"),
    exp.NullSafeEQ: ("`is not distinct from` does not exist here", _SAME),
    exp.NullSafeNEQ: ("`is distinct from` does not exist here", "write `a <> b or a is null or b is null`"),
    exp.Interval: ("intervals do not exist here", _DAYS),
    exp.Any: ("`any` does not exist here", "write `in (1, 2)` or `in ('a', 'b')`"),
    exp.All: ("`all` does not exist here", "write `not in (1, 2)`"),
    exp.Array: ("lists stand after `in` only", "write `in (1, 2)` or `in ('a', 'b')`"),
    exp.Struct: ("`{...}` does not exist here", "write the value itself"),
    exp.Bracket: ("`[...]` does not exist here", _FEATURE),
    exp.Placeholder: ("there is nothing to fill in here", "write the value itself"),
    exp.Parameter: ("there is nothing to fill in here", "write the value itself"),
    exp.Star: ("`*` alone means nothing here", "write a name such as household.mobile_lines"),
    exp.Window: ("`over` does not exist here", _FEATURE),
    exp.JSONExtract: ("`->` does not exist here", _FEATURE),
    exp.BitwiseAnd: ("`&` does not exist here", _BITS),
    exp.BitwiseOr: ("`|` does not exist here", _BITS),
    exp.BitwiseXor: ("this operator does not exist here", _BITS),
    exp.BitwiseNot: ("`~` does not exist here", "write `not`"),
    exp.BitwiseLeftShift: ("`<<` does not exist here", "compare with `<`"),
    exp.BitwiseRightShift: ("`>>` does not exist here", "compare with `>`"),
    exp.Tuple: ("a list stands after `in` only", "write `... in (1, 2)`"),
    exp.Lambda: ("this sign does not exist here", "compare with `>=`"),
}

_BY_STRAY = {
    "=": "one `=` compares",
    "!": "write `not` before a condition, `<>` between two values",
    "<": "smaller or equal is `<=`",
    ">": "greater or equal is `>=`",
    "=>": "write `>=`",
    "≥": "write `>=`",
    "≤": "write `<=`",
    "≠": "write `<>`",
    "xor": "write `<>` between the two conditions, each in parentheses",
    "contains": "write `like '%...%'`",
    "starts": "write `like '...%'`",
    "ends": "write `like '%...'`",
    "matches": _LIKE,
    "if": _CASE,
    ":": _CASE,
    ",": "a number has a point and no commas: 1000.5",
    "`": "names stand without quotes",
    "as": "a result has no name here",
    "where": "write the condition alone",
    "from": "write the condition alone",
    "when": _CASE,
    "then": _CASE,
    "else": _CASE,
    "end": _CASE,
    "and": "a condition stands before and after `and`",
    "or": "a condition stands before and after `or`",
    ")": "something is missing or too much between the parentheses, or they do not pair up",
    "‘": "texts stand in straight single quotes: '...'",
    "“": "texts stand in straight single quotes: '...'",
}


def of_function(name: str) -> str:
    """The cure for a function that does not exist; empty where none is known."""
    return _BY_FUNCTION.get(name.lower(), "")


def of_tree(tree: exp.Expr) -> tuple[str, str] | None:
    """What is wrong with a construct that has an operator or a form of its own, and the cure."""
    return _BY_TREE.get(type(tree))


def of_stray(word: str) -> str:
    """The cure for a word that stands where none can stand; empty where none is known."""
    return _BY_STRAY.get(word.lower()) or _BY_STRAY.get(word[:1], "")
