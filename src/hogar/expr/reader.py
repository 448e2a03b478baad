"""How is a tree walked, each construct by its reader? What all readers share: types asked for, problems noted.

A reader returns None when a part of it is a problem already noted, so that all problems come out together.
The readers themselves: `conditions` and `values`; their table: `typed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from hogar.expr.findings import Findings
from hogar.expr.literals import is_literal, literal
from hogar.expr.mismatches import not_a, not_one_type
from hogar.expr.nodes import DEPTH_MAX, Constant, Node
from hogar.expr.refusals import refusal
from hogar.expr.syntax import start
from hogar.telco.catalogue import FeatureType


@dataclass
class Reader:
    """Reads one tree against one schema, by a table of readers; `level` bounds how deep it follows the tree."""

    readers: Readers
    schema: Mapping[str, FeatureType]
    findings: Findings
    level: int = 0

    def read(self, tree: exp.Expr) -> Node | None:
        """The node of any construct of the language."""
        tree = tree.unnest()
        reader, parts = self.readers.get(type(tree), (None, ()))
        if is_literal(tree):
            return literal(tree, self.findings)
        if reader is None or any(value and key not in parts for key, value in tree.args.items()):
            self.refuse(tree)
            return None
        if self.level == 2 * DEPTH_MAX:
            self.findings.add(
                start(tree), f"the expression goes deeper than {DEPTH_MAX} levels", "make it flatter"
            )
            return None
        self.level += 1
        node = reader(self, tree)
        self.level -= 1
        return node

    def refuse(self, tree: exp.Expr) -> None:
        """Note that a construct is not of the language."""
        offset = start(tree)
        self.findings.add(offset, *refusal(tree, self.findings.text, offset))

    def read_as(self, wanted: FeatureType, tree: exp.Expr) -> Node | None:
        """The node of a construct that has to have a type."""
        node = self.read(tree)
        if node is None or node.type == wanted:
            return node
        self.findings.add(start(tree), *not_a(wanted, node))
        return None

    def read_alike(self, trees: list[exp.Expr], nulls: bool = False) -> tuple[Node, ...] | None:
        """The nodes of results that stand for each other, all of one type; NULL, where allowed, takes it on."""
        nodes = [None if nulls and isinstance(tree.unnest(), exp.Null) else self.read(tree) for tree in trees]
        read = [node for node in nodes if node is not None]
        if len(read) < sum(not (nulls and isinstance(tree.unnest(), exp.Null)) for tree in trees):
            return None
        if not read:
            self.findings.add(
                start(trees[0].parent or trees[0]), "every result is NULL", "give one of them a value"
            )
            return None
        for tree, node in zip(trees, nodes, strict=True):
            if node is not None and node.type != read[0].type:
                self.findings.add(start(tree), *not_one_type(read[0], node))
                return None
        null = Constant(type=read[0].type, value=None)
        return tuple(null if node is None else node for node in nodes)


def complete(nodes: list[Node | None]) -> tuple[Node, ...] | None:
    """All of them, or None when one is missing (its problem is noted)."""
    kept = tuple(node for node in nodes if node is not None)
    return kept if len(kept) == len(nodes) else None


# How a construct is read, and which of sqlglot's parts of it we know.
Readers = Mapping[type[exp.Expr], tuple[Callable[[Reader, exp.Expr], Node | None], tuple[str, ...]]]
