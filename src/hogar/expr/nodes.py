"""What is an expression made of? A small, frozen, typed tree, the only form that the engines ever see.

`typed` makes it from sqlglot's tree; `row`, `frame`, `source` and `steps` read it. Every node knows its type; what it
is made of lies in `args`, so that a walk needs to know no node by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hogar.telco.catalogue import FeatureType

# None is NULL. Numbers are float64 (an int is taken as the float it equals), dates are days since 1970-01-01.
Value = float | int | bool | str | None

NODES_MAX = 200
DEPTH_MAX = 20

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]
Operator = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, kw_only=True)
class Node:
    """Any part of an expression: what it evaluates to (or NULL), and what it is made of, in the order of writing."""

    type: FeatureType
    args: tuple[Node, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Constant(Node):
    """A literal: a float, a text, a truth, a date as days since 1970-01-01, or NULL."""

    value: Value


@dataclass(frozen=True, kw_only=True)
class Name(Node):
    """Something known by its full name: `household.mobile_lines`, `household.has_offer('FAM-4')`."""

    name: str


@dataclass(frozen=True, kw_only=True)
class And(Node):
    """All of two or more; no `And` lies directly in an `And`."""

    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class Or(Node):
    """Any of two or more; no `Or` lies directly in an `Or`."""

    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class Not(Node):
    """The contrary of one."""

    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class Compare(Node):
    """Two of one type, compared."""

    op: Comparison
    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class Between(Node):
    """The first, not below the second and not above the third."""

    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class In(Node):
    """One, equal to one of the constants `options`."""

    options: tuple[Value, ...]
    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class Like(Node):
    """One text held against a pattern: `%` is any text, `_` any one character."""

    pattern: str
    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class IsNull(Node):
    """One, unknown or not; never NULL itself."""

    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class IsTruth(Node):
    """One condition that is known to be `truth`; never NULL itself."""

    truth: bool
    type: FeatureType = "boolean"


@dataclass(frozen=True, kw_only=True)
class Case(Node):
    """`args` is condition, result, condition, result, ..., and the result when no condition holds."""


@dataclass(frozen=True, kw_only=True)
class Coalesce(Node):
    """The first that is not NULL."""


@dataclass(frozen=True, kw_only=True)
class Nullif(Node):
    """The first, or NULL where it equals the second."""


@dataclass(frozen=True, kw_only=True)
class Extreme(Node):
    """The least or greatest of those that are not NULL."""

    greatest: bool


@dataclass(frozen=True, kw_only=True)
class Arithmetic(Node):
    """Two numbers into one."""

    op: Operator
    type: FeatureType = "number"


@dataclass(frozen=True, kw_only=True)
class Negate(Node):
    """A number with the other sign."""

    type: FeatureType = "number"


@dataclass(frozen=True, kw_only=True)
class Absolute(Node):
    """A number without its sign."""

    type: FeatureType = "number"


@dataclass(frozen=True, kw_only=True)
class Round(Node):
    """A number rounded to `digits` after the point (before it, when negative), halves away from zero."""

    digits: int
    type: FeatureType = "number"


@dataclass(frozen=True, kw_only=True)
class Ln(Node):
    """The natural logarithm of a number; NULL where there is none."""

    type: FeatureType = "number"


@dataclass(frozen=True, kw_only=True)
class Exp(Node):
    """Euler's number to a power; NULL where that is too large for a number."""

    type: FeatureType = "number"


@dataclass(frozen=True, kw_only=True)
class Days(Node):
    """The days from the second date to the first."""

    type: FeatureType = "number"


@dataclass(frozen=True, kw_only=True)
class Finite(Node):
    """A number, NULL where it is not finite; no author writes it: `source` puts it where DuckDB has to look."""

    type: FeatureType = "number"


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, each before its own parts, left to right."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(here.args))


def depth(node: Node) -> int:
    """How many nodes lie on the longest way down, the node itself counted."""
    return 1 + max((depth(arg) for arg in node.args), default=0)
