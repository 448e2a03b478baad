"""Is this text a condition or value of our language, and what does it mean? The door of the room.

Reads the text and the schema of names it may use; returns an `Expression` or raises all its problems at once.
The way: `syntax` (text to sqlglot's tree), `typed` (sqlglot's tree to ours, names and types checked).
"""

from __future__ import annotations

from collections.abc import Mapping

from hogar.errors import Place, ProblemsFound
from hogar.expr.expression import Expression
from hogar.expr.findings import Findings
from hogar.expr.syntax import tree
from hogar.expr.typed import typed
from hogar.telco.catalogue import FeatureType


def parse(text: str, place: Place, schema: Mapping[str, FeatureType]) -> Expression:
    """The checked expression that `text`, which begins at `place`, means.

    `schema` has the type of every full name that may be used, functions written out: `household.has_offer('FAM-4')`.
    Raises ProblemsFound with every problem that can be told: unknown names, wrong types, what the language lacks.
    """
    findings = Findings(text, place)
    read = tree(findings)
    node = None if read is None else typed(read, schema, findings)
    if node is None or findings.problems:
        raise ProblemsFound(findings.problems)
    return Expression(text=text, place=place, node=node)
