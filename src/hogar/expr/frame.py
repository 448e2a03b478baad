"""What does an expression give for a table? Our tree in, one Polars expression out.

The same meaning as `row`, to the last bit. Where a part has to stand more than once, it is bound to a field of a
struct first, so that the expression stays as small as the tree it is made from.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

import polars as pl

from hogar.expr.expression import Expression
from hogar.expr.matching import read_pattern
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
    walk,
)
from hogar.expr.numbers import EXP_MAX
from hogar.expr.row import compiled
from hogar.telco.catalogue import FeatureType

# Dates are computed as days since 1970-01-01; columns may be `pl.Date` or such numbers.
_TYPES: dict[FeatureType, type[pl.DataType]] = {
    "boolean": pl.Boolean, "number": pl.Float64, "text": pl.String, "date": pl.Int32,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_OPERATORS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def frame(expression: Expression) -> pl.Expr:
    """The Polars expression over columns that bear the full names; its result is nullable, a date's is `pl.Date`.

    Number columns may be of any numeric type (what is not finite is NULL), date columns `pl.Date` or days since
    1970-01-01.
    """
    result = _full_height(expression.node, _polars(expression.node))
    return result.cast(pl.Date) if expression.type == "date" else result


def _full_height(node: Node, result: pl.Expr) -> pl.Expr:
    """Polars may cut `case` and `coalesce` short to one value where all rows have it; spread it over the rows again."""
    parts = list(walk(node))
    name = next((part.name for part in parts if isinstance(part, Name)), None)
    if name is None or not any(isinstance(part, Case | Coalesce) for part in parts):
        return result
    return pl.when(pl.col(name).is_null().is_not_null()).then(result)


def _polars(node: Node) -> pl.Expr:
    if not isinstance(node, Constant) and not any(isinstance(part, Name) for part in walk(node)):
        return pl.lit(compiled(node, {})(()), dtype=_TYPES[node.type])
    parts = (
        [_polars(arg) for arg in node.args] if not isinstance(node, Arithmetic | Negate | Absolute) else []
    )
    match node:
        case Constant(value=value, type=kind):
            return pl.lit(value, dtype=_TYPES[kind])
        case Name(name=name, type=kind):
            column = pl.col(name).cast(_TYPES[kind])
            return pl.when(column.is_finite()).then(column) if kind == "number" else column
        case And():
            return pl.all_horizontal(parts)
        case Or():
            return pl.any_horizontal(parts)
        case Not():
            return ~parts[0]
        case Compare(op=op):
            return _COMPARISONS[op](parts[0], parts[1])
        case Between():
            return _with(node.args, parts, lambda value, low, high: (low <= value) & (value <= high))
        case In(options=options, args=(arg,)):
            return parts[0].is_in(pl.Series(list(options), dtype=_TYPES[arg.type]).implode())
        case Like(pattern=pattern):
            return read_pattern(pattern).polars(parts[0])
        case IsNull():
            return parts[0].is_null()
        case IsTruth(truth=truth):
            return parts[0].fill_null(False) if truth else ~parts[0].fill_null(True)
        case Case():
            return _case(parts)
        case Coalesce():
            return pl.coalesce(parts)
        case Nullif():
            return _with(
                node.args,
                parts,
                lambda value, unwanted: pl.when((value == unwanted).not_().fill_null(True)).then(value),
            )
        case Extreme(greatest=is_greatest):
            return pl.max_horizontal(parts) if is_greatest else pl.min_horizontal(parts)
        case Ln():
            return _with(node.args, parts, lambda value: pl.when(value > 0.0).then(value.log()))
        case Exp():
            return _with(node.args, parts, lambda value: pl.when(value <= EXP_MAX).then(value.exp()))
        case Days():
            return (parts[0] - parts[1]).cast(pl.Float64)
        case Round(digits=digits):
            return _round(node, parts, digits)
        case Arithmetic() | Negate() | Absolute():
            return _finite(node)
    raise AssertionError(f"no Polars form for {type(node).__name__}")


def _finite(node: Node) -> pl.Expr:
    """Arithmetic, NULL where the result is no finite number. One look suffices: see `row`."""
    return _with((node,), [_arithmetic(node)], lambda value: pl.when(value.is_finite()).then(value))


def _arithmetic(node: Node) -> pl.Expr:
    match node:
        case Arithmetic(args=(left, right), op="/"):
            # A denominator of 0 gives an infinity or no number, and so NULL at the outermost look.
            return _with(node.args, [_arithmetic(left), _polars(right)], _divided)
        case Arithmetic(args=(left, right), op=op):
            return _OPERATORS[op](_arithmetic(left), _arithmetic(right))
        case Negate(args=(arg,)):
            return -_arithmetic(arg)
        case Absolute(args=(arg,)):
            return _arithmetic(arg).abs()
        case Name(name=name):
            return pl.col(name).cast(pl.Float64)
        case _:
            return _polars(node)


def _divided(number: pl.Expr, by: pl.Expr) -> pl.Expr:
    """The quotient to the last bit: by a single value Polars would multiply with the reciprocal, so make it a column.

    Where the number is not finite, so is the result.
    """
    return number / (by + number * 0.0)


def _round(node: Node, parts: list[pl.Expr], digits: int) -> pl.Expr:
    """Scaled, rounded, scaled back; see `numbers.rounding`."""
    scale = pl.lit(10.0 ** abs(digits))
    if digits < 0:
        scaled = _with(node.args, parts, lambda value: _divided(value, scale))
        back = scaled.round(0, mode="half_away_from_zero") * scale
        return _with((node,), [back], lambda value: pl.when(value.is_infinite()).then(0.0).otherwise(value))
    if digits == 0:
        return parts[0].round(0, mode="half_away_from_zero")

    def rounded(value: pl.Expr) -> pl.Expr:
        whole = (value * scale).round(0, mode="half_away_from_zero")
        return pl.when(whole.is_infinite()).then(value).otherwise(_divided(whole, scale))

    return _with(node.args, parts, rounded)


def _case(parts: list[pl.Expr]) -> pl.Expr:
    """`when` chained; a condition that is NULL does not hold."""
    chain = pl.when(parts[0]).then(parts[1])
    for when, then in zip(parts[2:-1:2], parts[3::2], strict=True):
        chain = chain.when(when).then(then)  # type: ignore[assignment]
    return chain.otherwise(parts[-1])


def _with(nodes: tuple[Node, ...], parts: list[pl.Expr], body: Callable[..., pl.Expr]) -> pl.Expr:
    """`body` of the parts, each computed once: parts that are more than a name are bound to fields of a struct."""
    if all(isinstance(node, Name | Constant) for node in nodes):
        return body(*parts)
    names = [f"f{i}" for i in range(len(parts))]
    bound = pl.struct(part.alias(name) for part, name in zip(parts, names, strict=True))
    return bound.struct.with_fields(body(*map(pl.field, names)).alias("r")).struct.field("r")
