"""Why is this not of our language, and what to write instead? Words for what SQL has and we have not."""

from __future__ import annotations

import re

from sqlglot import exp

from hogar.errors import did_you_mean
from hogar.expr.instead import FUNCTIONS, of_function, of_stray, of_tree

_CALL = re.compile(r"(\w+)\s*\(\s*$")
_CALLED = re.compile(r"(\w+)\s*\(")


def refusal(tree: exp.Expr, text: str = "", offset: int = 0) -> tuple[str, str]:
    """What is wrong with a construct that the language lacks, and the cure; it begins at `offset` of `text`."""
    if isinstance(tree, exp.Null):
        return "`null` has no type here", "test with `is null` or `is not null`"
    if isinstance(tree, exp.Query | exp.Exists) or tree.args.get("query"):
        return "sub-queries do not exist here", "make a feature of it"
    if isinstance(tree, exp.Column):
        return _lone_word(tree)
    if isinstance(tree, exp.Case):
        return "`case` with a value after it does not exist here", "write `case when ... = ... then ... end`"
    if isinstance(tree, exp.If):
        return "`if` does not exist here", "write `case when ... then ... else ... end`"
    if isinstance(tree, exp.ILike | exp.SimilarTo | exp.RegexpLike | exp.Glob | exp.Escape):
        return "this way to match a text does not exist here", "write `like` with `%` and `_`"
    if isinstance(tree, exp.Date):
        return "`date(...)` does not exist here", "write date '2026-01-31'"
    if isinstance(tree, exp.Cast):
        return "casts do not exist here", "make a feature of the type that is needed"
    if isinstance(tree, exp.Between):
        return "`between symmetric` does not exist here", "write the smaller bound first"
    if isinstance(tree, exp.In):
        return "`in` needs a list of literals", "write `in (1, 2)` or `in ('a', 'b')`"
    written = _written(tree, text, offset)
    own = of_tree(tree) if written is None else None
    if own is not None:
        return own
    if isinstance(tree, exp.Dot):
        return "this call does not exist here", "calls look like household.has_offer('X')"
    if isinstance(tree, exp.Func):
        name = written or (tree.meta.get("name") or tree.sql_name()).lower()
        near = did_you_mean(name, FUNCTIONS)
        cure = of_function(name) or (near if near.startswith("did") else _functions())
        return f"the function `{name}` does not exist here", cure
    return f"`{tree.sql('duckdb')}` is not of the language", "see docs/expressions.md for what is"


def _lone_word(tree: exp.Column) -> tuple[str, str]:
    if len(tree.parts) == 1 and tree.this.args.get("quoted"):
        return f"`{tree.name}` is a name here", f"texts stand in single quotes: '{tree.name}'"
    return f"`{tree.sql('duckdb')}` is no name", of_stray(
        tree.name
    ) or "names look like household.mobile_lines"


def _written(tree: exp.Expr, text: str, offset: int) -> str | None:
    """The word with which a function is called in the text; None for an operator."""
    if isinstance(tree, exp.Anonymous):
        return tree.name
    if not isinstance(tree, exp.Func):
        return None
    found = _CALLED.match(text, offset) or _CALL.search(text[:offset])
    # One of our own functions holds what is refused, or begins it: it is not what is refused.
    return found[1].lower() if found and found[1].lower() not in FUNCTIONS else None


def _functions() -> str:
    return "functions are " + ", ".join(f"`{name}`" for name in FUNCTIONS)
