"""What is a condition once it is read? A frozen value: its text, its place, its typed tree, the names it uses.

`parse` makes it. `conjuncts` splits it where people think of separate conditions, `substitute` puts other names or
other expressions in the place of names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from hogar.errors import Place, Problem, ProblemsFound
from hogar.expr.findings import place_at
from hogar.expr.nodes import DEPTH_MAX, NODES_MAX, And, Name, Node, Or, depth, walk
from hogar.expr.source import source_of
from hogar.expr.syntax import and_spans
from hogar.telco.catalogue import FeatureType


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A checked expression. `text` is what was written at `place`; `node` is what it means."""

    text: str
    place: Place
    node: Node

    @property
    def type(self) -> FeatureType:
        """What it evaluates to: boolean, number, text or date (or NULL)."""
        return self.node.type

    @cached_property
    def names(self) -> frozenset[str]:
        """The full names that it uses."""
        return frozenset(node.name for node in walk(self.node) if isinstance(node, Name))


def conjuncts(expression: Expression) -> tuple[Expression, ...]:
    """The conditions that must all hold, in the order of writing, each with its own text and place.

    An expression that is no `and` is its own only conjunct.
    """
    if not isinstance(expression.node, And):
        return (expression,)
    spans = and_spans(expression.text)
    parts = []
    for node, (start, end) in zip(expression.node.args, spans, strict=True):
        place = place_at(expression.text, expression.place, start)
        parts.append(Expression(text=expression.text[start:end], place=place, node=node))
    return tuple(parts)


def substitute(expression: Expression, mapping: Mapping[str, Expression | str]) -> Expression:
    """The expression with names renamed (a str) or replaced (an Expression of the name's type), all at once.

    The new text is the canonical one. Raises ProblemsFound when the result outgrows the bounds, ValueError when
    types differ.
    """
    if not expression.names & mapping.keys():
        return expression
    node = _substituted(expression.node, mapping)
    if sum(1 for _ in walk(node)) > NODES_MAX or depth(node) > DEPTH_MAX:
        what = f"the expression outgrows {NODES_MAX} parts or {DEPTH_MAX} levels once its names are filled in"
        raise ProblemsFound([Problem(place=expression.place, what=what, cure="make it shorter")])
    return Expression(text=source_of(node), place=expression.place, node=node)


def _substituted(node: Node, mapping: Mapping[str, Expression | str]) -> Node:
    if isinstance(node, Name):
        new = mapping.get(node.name)
        if new is None:
            return node
        if isinstance(new, str):
            return replace(node, name=new)
        if new.type != node.type:
            raise ValueError(f"`{node.name}` is {node.type}, `{new.text}` is {new.type}")
        return new.node
    args: list[Node] = []
    for arg in node.args:
        new_arg = _substituted(arg, mapping)
        same = isinstance(node, And | Or) and type(new_arg) is type(node)
        args += new_arg.args if same else (new_arg,)
    return replace(node, args=tuple(args))
