"""Which parts does a strategy file have, each under a name that stays when others come and go?

A document's nodes in; leaves by their path in words: `contact_rules sms_30d max`, `treatments sms es`. Things in a list
are known by their name, or by what they pull at, never by their number where they have either. Before: `documents`.
After: `diff`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hogar.errors import Place
from hogar.strategy.documents import Document, Mapping, Node, Scalar, Sequence
from hogar.strategy.types import ConditionKind

CONDITIONS: dict[str, ConditionKind] = {
    "eligible_when": "eligible",
    "applicable_when": "applicable",
    "suitable_when": "suitable",
}
"""The fields of an action that are compared condition by condition."""

_NAMES = ("name", "purpose", "action", "channel", "offering")


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One value as it was written, spaces apart, and where."""

    text: str
    place: Place


def parts(document: Document, kind: str) -> dict[str, Leaf]:
    """Every leaf of a file by its path in words, in the order written; an action's conditions are left out."""
    found: dict[str, Leaf] = {}
    for path, leaf in _walk(document.root, ()):
        if kind == "action" and path[:1] and path[0] in CONDITIONS:
            continue
        if path[:1] == ("treatments",) and path[-1] == "text":
            path = path[:-1]  # a treatment's text is the treatment, written short or long
        name = " ".join(path)
        while name in found:  # two of a list under one name: both are told
            name += " again"
        found[name] = leaf
    return found


def _walk(node: Node | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    if isinstance(node, Mapping):
        for key, value in node.items:
            yield from _walk(value, (*path, key.value))
    elif isinstance(node, Sequence):
        if all(isinstance(item, Scalar) for item in node.items):
            values = [item.value for item in node.items if isinstance(item, Scalar)]
            yield path, Leaf(text=", ".join(" ".join(value.split()) for value in values), place=node.place)
        else:
            for number, item in enumerate(node.items, start=1):
                known = _known_as(item)
                if known is None:
                    yield from _walk(item, (*path, str(number)))
                else:  # what it is known by is said once, in the path
                    field, said = known
                    inner = (*path, said if field == "name" else f"{field} {said}")
                    yield from (leaf for leaf in _walk(item, inner) if leaf[0] != (*inner, field))
    elif isinstance(node, Scalar):
        yield path, Leaf(text=" ".join(node.value.split()), place=node.place)


def _known_as(item: Node) -> tuple[str, str] | None:
    """What one of a list is known by: its name, else what it is about; None where only its number tells it."""
    if not isinstance(item, Mapping) or len(item.items) < 2:
        return None
    scalars = {key.value: value.value for key, value in item.items if isinstance(value, Scalar)}
    return next(((name, scalars[name]) for name in _NAMES if name in scalars), None)
