"""What does an editor need to know of a file? A table of fields as JSON Schema (draft 2020-12).

The readers' own tables (`shapes`) are written out, so an editor completes and refuses what the readers read. A
schema knows form, not meaning: whether an expression fits its names is for `hogar check` to say. `Names` are the
project's own, which editors offer beside what the schema allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hogar.strategy.shapes import Either, Leaf, Listed, Named, Shape, Table

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Names = Mapping[str, Sequence[str]]
"""A project's own names by kind: `action`, `offer`, `feature`, ..."""

_WRITTEN = [
    "string",
    "number",
    "boolean",
]  # YAML reads `MOB` as a text and `5` as a number; readers take both
_SWITCHES = [True, False, "on", "off", "yes", "no"]


def schema(shape: Shape, title: str, names: Names) -> dict[str, Any]:
    """The JSON Schema of a whole file.

    >>> from hogar.strategy.shapes import Field, number, table
    >>> schema(table(Field("max", number(1), "at most so many", required=True)), "A rule", {})["properties"]
    {'max': {'description': 'at most so many', 'type': 'number', 'minimum': 1}}
    """
    writer = _Writer(names)
    written = writer.shape(shape, "file")
    return {"$schema": DIALECT, "title": title, **written} | ({"$defs": writer.defs} if writer.defs else {})


class _Writer:
    """Writes shapes with a project's names; what stands below several keys is written once, in `defs`."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.defs: dict[str, Any] = {}

    def shape(self, shape: Shape, path: str) -> dict[str, Any]:
        """Any form; `path` says where it stands, for the names of `defs`."""
        if isinstance(shape, Table):
            return self._table(shape, path)
        if isinstance(shape, Named):
            return self._named(shape, path)
        if isinstance(shape, Listed):
            return self._listed(shape, path)
        if isinstance(shape, Either):
            return {"anyOf": [self.shape(form, path) for form in shape.forms]}
        return _leaf(shape, self.names.get(shape.known, ()))

    def _table(self, table: Table, path: str) -> dict[str, Any]:
        written: dict[str, Any] = {"description": table.help} if table.help else {}
        written |= {
            "type": "object",
            "properties": {
                field.name: {
                    "description": field.help,
                    **_without_help(self.shape(field.shape, f"{path}.{field.name}")),
                }
                for field in table.fields
            },
            "additionalProperties": False,
        }
        return written | ({"required": list(table.required)} if table.required else {})

    def _named(self, named: Named, path: str) -> dict[str, Any]:
        """A mapping: fixed keys are properties; of free ones the project's own are properties too, to be offered."""
        keys = named.options or tuple(self.names.get(named.known, ()))
        value = self.shape(named.value, f"{path}.each")
        written: dict[str, Any] = {"type": "object"}
        if keys:
            assert f"{path}.each" not in self.defs, "each place has its own name"
            self.defs[f"{path}.each"] = value
            value = {"$ref": f"#/$defs/{path}.each"}
            written["properties"] = {key: dict(value) for key in keys}
        if named.options or (named.closed and keys):
            return written | {"additionalProperties": False}
        if named.pattern:
            return written | {
                "patternProperties": {_whole(named.pattern): value}, "additionalProperties": False,
            }  # fmt: skip
        return written | {"additionalProperties": value}

    def _listed(self, listed: Listed, path: str) -> dict[str, Any]:
        written: dict[str, Any] = {"type": "array", "items": self.shape(listed.item, path)}
        if listed.items_min:
            written["minItems"] = listed.items_min
        return written | ({"uniqueItems": True} if listed.once else {})


def _leaf(leaf: Leaf, known: Sequence[str]) -> dict[str, Any]:
    if leaf.kind == "switch":
        return {"enum": _SWITCHES}
    if leaf.kind in ("number", "whole"):
        written: dict[str, Any] = {"type": "integer" if leaf.kind == "whole" else "number"}
        written |= {} if leaf.at_least is None else {"minimum": leaf.at_least}
        return written | ({} if leaf.at_most is None else {"maximum": leaf.at_most})
    if leaf.kind == "value":
        return {"type": [*_WRITTEN, "null"]}
    if leaf.options:
        return {"enum": list(leaf.options)}
    if leaf.pattern:
        return {"type": _WRITTEN, "pattern": _whole(leaf.pattern)}
    text = {"type": _WRITTEN, "pattern": r"\S"}  # a pattern is asked of texts only; an empty one says nothing
    return {"anyOf": [{"enum": list(known)}, text]} if known else text


def _without_help(written: dict[str, Any]) -> dict[str, Any]:
    """A field's own line is told, not that of the table that it holds."""
    return {key: value for key, value in written.items() if key != "description"}


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"
