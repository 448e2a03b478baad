"""Which values does an author's case give? Names and values of a mapping, typed by the catalogue, the event or facts.

A value that is left out or `~` is unknown. Dates become days since 1970-01-01. Neighbour: `cases`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hogar.errors import did_you_mean
from hogar.strategy import leaves
from hogar.strategy.documents import Document, Node
from hogar.strategy.documents import Mapping as MappingNode
from hogar.telco.catalogue import FeatureType

Value = float | str | bool
_EPOCH = date(1970, 1, 1)


def read_values(
    document: Document, node: Node | None, prefix: str, types: Mapping[str, FeatureType], what: str
) -> dict[str, Value]:
    """The values of a mapping by full name; `~` leaves one unknown."""
    found: dict[str, Value] = {}
    if node is None or leaves.is_empty(node):
        return found
    known = [name.removeprefix(prefix) for name in types]
    for key, value in node.items if isinstance(node, MappingNode) else leaves.entries(document, node, what):
        name = f"{prefix}{key.value}"
        if name not in types:
            document.problem(key, f"`{key.value}` is not {what}", did_you_mean(key.value, known))
        elif not leaves.is_empty(value):
            typed = _value(document, value, key.value, types[name])
            if typed is not None:
                found[name] = typed
    return found


def _value(document: Document, node: Node, name: str, type_: FeatureType) -> Value | None:
    if type_ == "number":
        return leaves.number(document, node, f"`{name}`")
    if type_ == "boolean":
        return leaves.switch(document, node, f"`{name}`")
    text = leaves.text(document, node, f"`{name}`")
    if text is None or type_ == "text":
        return text
    try:
        return float((date.fromisoformat(text) - _EPOCH).days)
    except ValueError:
        document.problem(node, f"`{name}` must be a date such as 2026-03-02, not `{text}`")
        return None
