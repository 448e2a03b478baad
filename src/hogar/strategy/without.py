"""Would an action still run if some things were unknown? Its conditions judged with names that are always NULL.

Says no only where it is sure: what is not unknown may be anything. Pure; used by `usecases` and `build.readiness`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from hogar.expr import nodes
from hogar.strategy.types import Action

Outcome = Literal["true", "false", "null", "value"]
_ANY_TRUTH: frozenset[Outcome] = frozenset({"true", "false", "null"})
_ANY_VALUE: frozenset[Outcome] = frozenset({"value", "null"})
_NULL: frozenset[Outcome] = frozenset({"null"})
_OPPOSITE: dict[Outcome, Outcome] = {"true": "false", "false": "true", "null": "null", "value": "value"}


def stopped_by(action: Action, lost: frozenset[str]) -> str:
    """Why an action can never be proposed where the names in `lost` are unknown; empty where it still can."""
    for condition in action.conditions:
        if "true" not in outcomes(condition.expression.node, lost):
            return f"`{condition.text}` is then never true"
    for word, expression in (("interest", action.interest), ("value", action.value)):
        if outcomes(expression.node, lost) == _NULL:
            return f"its {word} is then unknown"
    if action.treatments and all(lost.intersection(one.names) for one in action.treatments):
        return "every text of it names what is then unknown"
    return ""


def outcomes(node: nodes.Node, lost: frozenset[str]) -> frozenset[Outcome]:
    """What an expression may come to where some names are NULL: true, false or a value, and NULL."""
    if isinstance(node, nodes.Name):
        return _NULL if node.name in lost else _any(node)
    if isinstance(node, nodes.Constant):
        return _of_constant(node)
    parts = [outcomes(arg, lost) for arg in node.args]
    if isinstance(node, nodes.And):
        return _all_of(parts)
    if isinstance(node, nodes.Or):
        return _opposite(_all_of([_opposite(part) for part in parts]))
    if isinstance(node, nodes.Not):
        return _opposite(parts[0])
    if isinstance(node, nodes.IsNull):
        return frozenset("true" if one == "null" else "false" for one in parts[0])
    if isinstance(node, nodes.IsTruth):
        wanted = "true" if node.truth else "false"
        return frozenset("true" if one == wanted else "false" for one in parts[0])
    if isinstance(node, nodes.Case):
        return _case(parts)
    if isinstance(node, nodes.Coalesce):
        return _first(parts)
    if isinstance(node, nodes.Extreme):
        return frozenset(one for part in parts for one in part)
    if isinstance(node, nodes.Between):
        return _NULL if parts[0] == _NULL else _any(node)
    return _NULL if _NULL in parts else _any(node)


def _any(node: nodes.Node) -> frozenset[Outcome]:
    return _ANY_TRUTH if node.type == "boolean" else _ANY_VALUE


def _of_constant(node: nodes.Constant) -> frozenset[Outcome]:
    if node.value is None:
        return _NULL
    if isinstance(node.value, bool):
        return frozenset({"true" if node.value else "false"})
    return frozenset({"value"})


def _all_of(parts: Sequence[frozenset[Outcome]]) -> frozenset[Outcome]:
    """`and`: true where all may be, false where one may be, NULL where one may be and no other is surely false."""
    found: set[Outcome] = set()
    if all("true" in part for part in parts):
        found.add("true")
    if any("false" in part for part in parts):
        found.add("false")
    if any("null" in part for part in parts) and all(part != {"false"} for part in parts):
        found.add("null")
    return frozenset(found)


def _opposite(part: frozenset[Outcome]) -> frozenset[Outcome]:
    return frozenset(_OPPOSITE[one] for one in part)


def _case(parts: Sequence[frozenset[Outcome]]) -> frozenset[Outcome]:
    """Each result whose condition may be true, up to one that surely is."""
    found: set[Outcome] = set()
    for condition, result in zip(parts[:-1:2], parts[1::2], strict=True):
        if "true" in condition:
            found |= result
        if condition == {"true"}:
            return frozenset(found)
    return frozenset(found | parts[-1])


def _first(parts: Sequence[frozenset[Outcome]]) -> frozenset[Outcome]:
    """`coalesce`: what the arguments may be, up to one that is surely known."""
    found: set[Outcome] = set()
    for part in parts:
        found |= part - _NULL
        if "null" not in part:
            return frozenset(found)
    return frozenset(found | _NULL)
