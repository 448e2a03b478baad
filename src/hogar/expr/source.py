"""How is an expression written? Our tree in, canonical SQL text out, in DuckDB's spelling.

The text means the same in DuckDB as here: division is by `nullif(x, 0)`, `ln` is of what is above 0, and constants
that DuckDB would compute with as whole numbers or decimals are written as doubles. What DuckDB knows and we do not
are infinities and NaN: `guarded` text makes NULL of them wherever they come in, from the data or from arithmetic.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from hogar.expr.literals import date_of
from hogar.expr.names import name_tree
from hogar.expr.nodes import (
    Absolute,
    And,
    Arithmetic,
    Between,
    Case,
    Coalesce,
    Compare,
    Constant,
    Days,
    Exp,
    Extreme,
    Finite,
    In,
    IsNull,
    IsTruth,
    Like,
    Ln,
    Name,
    Negate,
    Node,
    Not,
    Nullif,
    Or,
    Round,
    Value,
)
from hogar.telco.catalogue import FeatureType

if TYPE_CHECKING:
    from hogar.expr.expression import Expression

_BINARY: dict[str, type[exp.Binary]] = {
    "=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
    "+": exp.Add, "-": exp.Sub, "*": exp.Mul,
}  # fmt: skip


_ZERO = Constant(type="number", value=0.0)


def source(expression: Expression, *, guarded: bool = False) -> str:
    """The expression's canonical text; parsed again, it gives the same text.

    `guarded` is for DuckDB alone, over data and results that may not be finite: there they are NULL, as here.
    """
    return source_of(_guarded(expression.node) if guarded else expression.node)


def source_of(node: Node) -> str:
    """The canonical text of a tree."""
    return _tree(node).sql("duckdb", normalize_functions=False)


def _tree(node: Node) -> exp.Expr:
    match node:
        case Constant(value=value, type=kind):
            return _literal(value, kind, as_double=True)
        case Name(name=name):
            return name_tree(name)
        case And() | Or():
            joined = _inside(node.args[0], _level(node) + 1)
            for arg in node.args[1:]:
                kind_ = exp.And if isinstance(node, And) else exp.Or
                joined = kind_(this=joined, expression=_inside(arg, _level(node) + 1))
            return joined
        case Not(args=(arg,)):
            return exp.Not(this=_inside(arg, 4))
        case Compare(args=(left, right), op=op):
            return _BINARY[op](this=_plain(left, 5), expression=_plain(right, 5))
        case Between(args=(arg, low, high)):
            return exp.Between(this=_plain(arg, 5), low=_plain(low, 5), high=_plain(high, 5))
        case In(args=(arg,), options=options):
            listed = [_literal(option, arg.type, as_double=False) for option in options]
            return exp.In(this=_plain(arg, 5), expressions=listed)
        case Like(args=(arg,), pattern=pattern):
            return exp.Like(this=_inside(arg, 5), expression=exp.Literal.string(pattern))
        case IsNull(args=(arg,)):
            return exp.Is(this=_inside(arg, 5), expression=exp.Null())
        case IsTruth(args=(arg,), truth=truth):
            return exp.Is(this=_inside(arg, 5), expression=exp.Boolean(this=truth))
        case Case(args=args):
            cases = zip(args[:-1:2], args[1::2], strict=True)
            ifs = [exp.If(this=_tree(when), true=_tree(then)) for when, then in cases]
            return exp.Case(ifs=ifs, default=_tree(args[-1]))
        case Arithmetic(args=(left, right), op="/"):
            by = _never_zero(right)
            return exp.Div(
                this=_beside(left, by, 6), expression=_beside(by, left, 7), typed=False, safe=False
            )
        case Arithmetic(args=(left, right), op=op):
            level = _level(node)
            return _BINARY[op](this=_beside(left, right, level), expression=_beside(right, left, level + 1))
        case Days(args=(until, since)):
            return exp.Sub(this=_inside(until, 5), expression=_inside(since, 6))
        case Negate(args=(arg,)):
            return exp.Neg(this=_inside(arg, 8))
        case _:
            return _call(node)


def _guarded(node: Node) -> Node:
    """The tree with a look at every number that may not be finite."""
    new = replace(node, args=tuple(map(_guarded, node.args)))
    risky = isinstance(new, Name | Exp | Arithmetic) and new.type == "number"
    return Finite(args=(new,)) if risky else new


def _call(node: Node) -> exp.Expr:
    first, *rest = (
        _plain(arg, 0) if i and isinstance(node, Nullif) else _tree(arg) for i, arg in enumerate(node.args)
    )
    match node:
        case Coalesce():
            return exp.Coalesce(this=first, expressions=rest)
        case Nullif():
            return exp.Nullif(this=first, expression=rest[0])
        case Extreme(greatest=is_greatest):
            return (exp.Greatest if is_greatest else exp.Least)(
                this=first, expressions=rest, ignore_nulls=True
            )
        case Absolute():
            return exp.Abs(this=first)
        case Ln(args=(arg,)):
            return exp.Ln(this=_tree(_positive(arg)))
        case Exp():
            return exp.Exp(this=first)
        case Finite():
            number = exp.to_identifier("n")
            look = exp.Anonymous(this="isfinite", expressions=[number])
            test = exp.Lambda(this=look, expressions=[number], colon=True)
            kept = exp.Anonymous(this="list_filter", expressions=[exp.Array(expressions=[first]), test])
            return exp.Anonymous(this="list_extract", expressions=[kept, exp.Literal.number(1)])
        case Round(digits=digits):
            return (
                exp.Round(this=first, decimals=exp.Literal.number(digits))
                if digits
                else exp.Round(this=first)
            )
    raise AssertionError(f"no text for {type(node).__name__}")


def _inside(node: Node, level: int) -> exp.Expr:
    """The part as an operand that has to bind at least as closely as `level`; in parentheses when it does not."""
    return _tree(node) if _level(node) >= level else exp.Paren(this=_tree(node))


def _plain(node: Node, level: int) -> exp.Expr:
    """An operand of a comparison: constants as people write them, since DuckDB compares them by value."""
    return (
        _literal(node.value, node.type, as_double=False)
        if isinstance(node, Constant)
        else _inside(node, level)
    )


def _beside(node: Node, other: Node, level: int) -> exp.Expr:
    """An operand of arithmetic: a constant beside a double is computed with as a double however it is written."""
    return _plain(node, level) if _is_double(other) else _inside(node, level)


def _never_zero(node: Node) -> Node:
    """The denominator, guarded by `nullif(x, 0)` unless it is so already or a constant."""
    if (isinstance(node, Constant) and node != _ZERO) or (isinstance(node, Nullif) and node.args[1] == _ZERO):
        return node
    return Nullif(type="number", args=(node, _ZERO))


def _positive(node: Node) -> Node:
    """What the logarithm is of, written so that it is NULL from 0 down: `nullif(greatest(x, 0), 0)`."""
    match node:
        case Constant(value=float(number)) if number > 0:
            return node
        case Nullif(args=(Extreme(greatest=True, args=(_, low)), zero)) if low == zero == _ZERO:
            return node
    return _never_zero(Extreme(type="number", args=(node, _ZERO), greatest=True))


def _is_double(node: Node) -> bool:
    """Whether DuckDB takes the part for a double; whole days are not, nor constants as people write them."""
    if isinstance(node, Constant | Days):
        return False
    return isinstance(node, Name) or any(_is_double(arg) or isinstance(arg, Constant) for arg in node.args)


def _literal(value: Value, kind: FeatureType, *, as_double: bool) -> exp.Expr:
    if value is None:
        return exp.Null()
    if isinstance(value, str):
        return exp.Literal.string(value)
    if kind == "boolean":
        return exp.Boolean(this=bool(value))
    if kind == "date":
        return exp.Cast(
            this=exp.Literal.string(date_of(int(value)).isoformat()), to=exp.DataType.build("date")
        )
    literal = exp.Literal.number(_digits(abs(value), as_double))
    return exp.Neg(this=literal) if value < 0 else literal


def _digits(number: float, as_double: bool) -> str:
    """The shortest digits that give the number back; more than 15 could be taken for a decimal and be off."""
    whole = number.is_integer() and number < 1e15
    text = str(int(number)) if whole else repr(float(number))
    exact = "e" in text or (not as_double and len(text) <= 16)
    return text if exact else f"{text}e0"


def _level(node: Node) -> int:
    """How closely a part binds, from `or` (1) to what needs no parentheses (8)."""
    match node:
        case Or():
            return 1
        case And():
            return 2
        case Not():
            return 3
        case Compare() | Between() | In() | Like() | IsNull() | IsTruth():
            return 4
        case Arithmetic(op="+" | "-") | Days():
            return 5
        case Arithmetic():
            return 6
        case Negate():
            return 7
        case Constant(value=float(number)) if number < 0:
            return 7
        case _:
            return 8
