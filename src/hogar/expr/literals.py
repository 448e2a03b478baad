"""Which constant did the author write? Numbers, texts, truths and dates; everything else is no literal."""

from __future__ import annotations

import math
from datetime import date, timedelta

from sqlglot import exp

from hogar.expr.findings import Findings
from hogar.expr.nodes import Constant
from hogar.expr.syntax import start

_EPOCH = date(1970, 1, 1)


def is_literal(tree: exp.Expr) -> bool:
    """Whether the tree is a literal, a sign before a number included."""
    if isinstance(tree, exp.Neg):
        return (
            is_literal(tree.this)
            and not tree.this.args.get("is_string")
            and not isinstance(tree.this, exp.Boolean)
        )
    return isinstance(tree, exp.Literal | exp.Boolean) or is_date(tree)


def is_date(tree: exp.Expr) -> bool:
    """Whether the tree is `date '...'`."""
    return (
        type(tree) is exp.Cast
        and tree.is_type("date")
        and isinstance(tree.this, exp.Literal)
        and tree.this.is_string
    )


def literal(tree: exp.Expr, findings: Findings) -> Constant | None:
    """The constant of a literal; None, with the reason noted, when it is no number or no date."""
    if isinstance(tree, exp.Neg):
        positive = literal(tree.this, findings)
        return positive and Constant(type="number", value=-float(positive.value or 0))
    if isinstance(tree, exp.Boolean):
        return Constant(type="boolean", value=bool(tree.this))
    if isinstance(tree, exp.Cast):
        return _date(tree, findings)
    if tree.is_string:
        return Constant(type="text", value=tree.name)
    value = float(tree.name)
    if not math.isfinite(value):
        findings.add(start(tree), f"`{tree.name}` is too large for a number", "the largest is about 1.8e308")
        return None
    return Constant(type="number", value=value)


def _date(tree: exp.Expr, findings: Findings) -> Constant | None:
    written = tree.this.name
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        day = None
    if day is None:
        findings.add(start(tree), f"`{written}` is no date", "write it as date '2026-01-31'")
        return None
    return Constant(type="date", value=days_since_epoch(day))


def days_since_epoch(day: date) -> int:
    """The number by which rows know a date: days since 1970-01-01."""
    return (day - _EPOCH).days


def date_of(days: int) -> date:
    """The date of a number of days since 1970-01-01."""
    return _EPOCH + timedelta(days=days)
