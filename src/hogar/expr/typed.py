"""Which of what sqlglot reads is our language, and do names and types fit? sqlglot's tree in, our typed nodes out.

A table of readers, one for each construct that exists; whatever has no reader does not exist here and is a problem.
Before: `syntax`. After: the engines `row` and `frame`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from hogar.expr import conditions, values
from hogar.expr.findings import Findings
from hogar.expr.nodes import DEPTH_MAX, NODES_MAX, Node, depth, walk
from hogar.expr.reader import Reader, Readers
from hogar.telco.catalogue import FeatureType


def typed(tree: exp.Expr, schema: Mapping[str, FeatureType], findings: Findings) -> Node | None:
    """Our node for sqlglot's tree; None, with the reasons among the findings, when it is not of our language."""
    node = Reader(READERS, schema, findings).read(tree)
    if node is not None and sum(1 for _ in walk(node)) > NODES_MAX:
        findings.add(0, f"the expression has more than {NODES_MAX} parts", "split it into several conditions")
    if node is not None and depth(node) > DEPTH_MAX:
        findings.add(0, f"the expression goes deeper than {DEPTH_MAX} levels", "make it flatter")
    return node


# Each construct of the language: how it is read, and which of sqlglot's parts of it we know.
READERS: Readers = {
    exp.Column: (conditions.name, ("this", "table", "db", "catalog")),
    exp.Dot: (conditions.name, ("this", "expression")),
    exp.And: (conditions.junction, ("this", "expression")),
    exp.Or: (conditions.junction, ("this", "expression")),
    exp.Not: (conditions.not_, ("this",)),
    **dict.fromkeys(conditions.COMPARISONS, (conditions.comparison, ("this", "expression"))),
    exp.Between: (conditions.between, ("this", "low", "high")),
    exp.In: (conditions.in_, ("this", "expressions")),
    exp.Like: (conditions.like, ("this", "expression", "negate")),
    exp.Is: (conditions.is_, ("this", "expression")),
    exp.Case: (values.case, ("ifs", "default")),
    exp.Coalesce: (values.coalesce, ("this", "expressions")),
    exp.Nullif: (values.nullif, ("this", "expression")),
    exp.Least: (values.extreme, ("this", "expressions", "ignore_nulls")),
    exp.Greatest: (values.extreme, ("this", "expressions", "ignore_nulls")),
    **dict.fromkeys(values.OPERATORS, (values.arithmetic, ("this", "expression"))),
    exp.Neg: (values.negate, ("this",)),
    exp.Abs: (values.absolute, ("this",)),
    exp.Ln: (values.logarithm, ("this",)),
    exp.Exp: (values.power, ("this",)),
    exp.Round: (values.round_, ("this", "decimals")),
}
