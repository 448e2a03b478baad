"""How do we say that types do not fit? What is wrong and its cure, in the author's words."""

from __future__ import annotations

from hogar.expr.nodes import Constant, Name, Node
from hogar.telco.catalogue import FeatureType

_ARTICLES: dict[FeatureType, str] = {
    "boolean": "true or false",
    "number": "a number",
    "text": "a text",
    "date": "a date",
}


def not_a(wanted: FeatureType, node: Node) -> tuple[str, str]:
    """A part has to be of one type and is of another."""
    cures: dict[tuple[FeatureType, FeatureType], str] = {
        ("boolean", "number"): "compare it: `> 0`",
        ("boolean", "text"): "compare it: `= '...'`",
        ("boolean", "date"): "compare it: `< date '2026-01-31'`",
        ("number", "date"): "the difference of two dates is a number of days",
        ("number", "text"): "make a feature of it that is a number",
        ("text", "number"): "texts stand in single quotes",
        ("number", "boolean"): "write `case when ... then 1 else 0 end`",
    }
    return f"{said(node)} is {_ARTICLES[node.type]}, needed here is {_ARTICLES[wanted]}", cures.get(
        (wanted, node.type), ""
    )


def no_comparison(left: Node, right: Node) -> tuple[str, str]:
    """Two parts of different types are compared."""
    what = f"{said(left)} is {_ARTICLES[left.type]}, {said(right)} is {_ARTICLES[right.type]}: they cannot be compared"
    cure = ""
    for one, other in ((left, right), (right, left)):
        if not isinstance(other, Constant):
            continue
        if one.type == "date" and other.type == "text":
            cure = f"write date '{other.value}'"
        elif one.type == "number" and other.type == "text":
            cure = "numbers stand without quotes"
        elif one.type == "text":
            cure = "texts stand in single quotes"
        elif one.type == "date":
            cure = "write date '2026-01-31'"
        elif one.type == "boolean":
            cure = "write it alone, or with `not` before it"
    return what, cure


def no_order(node: Node) -> tuple[str, str]:
    """Truths are put in an order."""
    return f"{said(node)} is true or false: it has no order", "use `=`, `<>` or `not`"


def not_one_type(first: Node, other: Node) -> tuple[str, str]:
    """Results that stand for each other are of different types."""
    what = f"{said(other)} is {_ARTICLES[other.type]}, another result is {_ARTICLES[first.type]}"
    return what, "all results need one type"


def said(node: Node) -> str:
    """A part as it is called in a sentence."""
    if isinstance(node, Name):
        return f"`{node.name}`"
    if isinstance(node, Constant) and node.type == "text":
        return f"`'{node.value}'`"
    if isinstance(node, Constant) and node.type == "number":
        return f"`{node.value:.15g}`"
    return "this"
