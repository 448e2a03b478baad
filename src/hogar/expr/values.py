"""How are choices and arithmetic read? One reader a construct; `reader` has what they share, `typed` their table."""

from __future__ import annotations

from sqlglot import exp

from hogar.expr.literals import is_literal, literal
from hogar.expr.mismatches import not_a
from hogar.expr.nodes import (
    Absolute,
    Arithmetic,
    Case,
    Coalesce,
    Constant,
    Days,
    Exp,
    Extreme,
    Ln,
    Negate,
    Node,
    Nullif,
    Operator,
    Round,
)
from hogar.expr.reader import Reader, complete
from hogar.expr.syntax import start

DIGITS_MAX = 9

OPERATORS: dict[type[exp.Expr], Operator] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


def case(reader: Reader, tree: exp.Expr) -> Node | None:
    """`case when ... then ... else ... end`."""
    branches: list[exp.If] = tree.args["ifs"]
    otherwise = tree.args.get("default") or exp.Null()
    whens = complete([reader.read_as("boolean", branch.this) for branch in branches])
    results = reader.read_alike([*(branch.args["true"] for branch in branches), otherwise], nulls=True)
    if whens is None or results is None:
        return None
    pairs = [node for pair in zip(whens, results[:-1], strict=True) for node in pair]
    return Case(type=results[0].type, args=(*pairs, results[-1]))


def coalesce(reader: Reader, tree: exp.Expr) -> Node | None:
    """`coalesce(...)`."""
    args = reader.read_alike([tree.this, *tree.expressions], nulls=True)
    return Coalesce(type=args[0].type, args=args) if args else None


def nullif(reader: Reader, tree: exp.Expr) -> Node | None:
    """`nullif(..., ...)`."""
    args = reader.read_alike([tree.this, tree.expression])
    return Nullif(type=args[0].type, args=args) if args else None


def extreme(reader: Reader, tree: exp.Expr) -> Node | None:
    """`least(...)` and `greatest(...)`."""
    args = reader.read_alike([tree.this, *tree.expressions])
    if args is None:
        return None
    if args[0].type not in ("number", "date"):
        reader.findings.add(start(tree), *not_a("number", args[0]))
        return None
    return Extreme(type=args[0].type, args=args, greatest=isinstance(tree, exp.Greatest))


def arithmetic(reader: Reader, tree: exp.Expr) -> Node | None:
    """`+`, `-`, `*`, `/`, and the days between two dates."""
    args = complete([reader.read(tree.this), reader.read(tree.expression)])
    if args is None:
        return None
    types = [arg.type for arg in args]
    if types == ["date", "date"] and isinstance(tree, exp.Sub):
        return Days(args=args)
    if types == ["number", "number"]:
        return Arithmetic(args=args, op=OPERATORS[type(tree)])
    wrong = next(arg for arg in args if arg.type != "number")
    reader.findings.add(start(tree), *not_a("number", wrong))
    return None


def negate(reader: Reader, tree: exp.Expr) -> Node | None:
    """A sign; before a number it is part of the number."""
    arg = reader.read_as("number", tree.this)
    if isinstance(arg, Constant) and isinstance(arg.value, float):
        return Constant(type="number", value=-arg.value)
    return arg and Negate(args=(arg,))


def absolute(reader: Reader, tree: exp.Expr) -> Node | None:
    """`abs(...)`."""
    arg = reader.read_as("number", tree.this)
    return arg and Absolute(args=(arg,))


def logarithm(reader: Reader, tree: exp.Expr) -> Node | None:
    """`ln(...)`."""
    arg = reader.read_as("number", tree.this)
    return arg and Ln(args=(arg,))


def power(reader: Reader, tree: exp.Expr) -> Node | None:
    """`exp(...)`."""
    arg = reader.read_as("number", tree.this)
    return arg and Exp(args=(arg,))


def round_(reader: Reader, tree: exp.Expr) -> Node | None:
    """`round(...)` and `round(..., digits)`."""
    arg = reader.read_as("number", tree.this)
    written = (tree.args.get("decimals") or exp.Literal.number(0)).unnest()
    digits = literal(written, reader.findings) if is_literal(written) else None
    value = digits.value if digits else None
    if not isinstance(value, float) or not value.is_integer() or abs(value) > DIGITS_MAX:
        what = f"`round` needs a whole number of digits from -{DIGITS_MAX} to {DIGITS_MAX}"
        reader.findings.add(start(tree), what, "write round(x, 2)")
        return None
    return arg and Round(args=(arg,), digits=int(value))
