"""Where does a condition change its truth? The breakpoints of a condition on one name.

A condition on one number cuts the number line into points and open intervals on each of which it is constant; `decide`
turns that into a bit index. Reads our tree; gives `Steps`, or None when the condition is not of that kind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from hogar.expr.expression import Expression
from hogar.expr.nodes import Between, Coalesce, Compare, In, IsNull, Name, Node, walk
from hogar.expr.row import compiled
from hogar.telco.catalogue import FeatureType


@dataclass(frozen=True, kw_only=True)
class Steps:
    """A condition on one name alone: constant at each of the sorted `points`, between two, below and above all.

    Dates are days since 1970-01-01. Texts and booleans have no points: ask the condition for each value they take.
    NULL is a case of its own for every type.
    """

    name: str
    type: FeatureType
    points: tuple[float, ...] = ()

    @cached_property
    def samples(self) -> tuple[float, ...]:
        """One value of each cell: below all points, the first point, between it and the second, ..., above all.

        Where two points are neighbours in float64, nothing lies between them; the sample is one of the two.
        """
        if not self.points:
            return (0.0,)
        inner = [number for low, high in pairwise(self.points) for number in (low, low / 2 + high / 2)]
        below, above = (math.nextafter(self.points[i], end) for i, end in ((0, -math.inf), (-1, math.inf)))
        return (below, *inner, self.points[-1], above)


def step_points(expression: Expression) -> Steps | None:
    """The steps of a condition that uses one name only, and a number or date only by comparing it with constants.

    `coalesce(name, constant)` counts as the name. None for everything else.
    """
    if expression.type != "boolean" or len(expression.names) != 1:
        return None
    named = next(node for node in walk(expression.node) if isinstance(node, Name))
    name, kind = named.name, named.type
    if kind in ("boolean", "text"):
        return Steps(name=name, type=kind)
    points = _points(expression.node)
    return None if points is None else Steps(name=name, type=kind, points=tuple(sorted(points)))


def _points(node: Node) -> set[float] | None:
    """The points at which the node's value may change; None when it may change anywhere."""
    if isinstance(node, Compare | Between | In) and len([arg for arg in node.args if _uses_name(arg)]) == 1:
        constants = [compiled(arg, {})(()) for arg in node.args if not _uses_name(arg)]
        if all(_is_bare(arg) for arg in node.args if _uses_name(arg)):
            constants += node.options if isinstance(node, In) else ()
            return {float(value) for value in constants if isinstance(value, float | int)}
    if isinstance(node, IsNull) and _is_bare(node.args[0]):
        return set()
    if isinstance(node, Name):
        return None
    found = [_points(arg) for arg in node.args]
    return None if None in found else {point for points in found if points for point in points}


def _uses_name(node: Node) -> bool:
    return any(isinstance(part, Name) for part in walk(node))


def _is_bare(node: Node) -> bool:
    """Whether the node is the name itself, or a constant where it is NULL."""
    if isinstance(node, Coalesce):
        return _is_bare(node.args[0]) and not any(map(_uses_name, node.args[1:]))
    return isinstance(node, Name)
