"""A small JSON Schema validator for the words that our schemas use; any other word is an error of the test's.

Also reads YAML as an editor does (YAML 1.2, core schema: `no` is a text), so that what is judged is what editors see.
"""

from __future__ import annotations

import json
import re
from typing import Any

from hogar.strategy import documents
from hogar.strategy.documents import Mapping, Node, Scalar, Sequence

_TYPES: dict[str, Any] = {
    "string": str, "boolean": bool, "object": dict, "array": list, "null": type(None), "number": (int, float),
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def refused(value: Any, schema: dict[str, Any]) -> list[str]:
    """Where and why a value does not fit a schema; empty where it fits."""
    return _refused(value, schema, "", schema.get("$defs", {}))


def _refused(value: Any, schema: dict[str, Any], path: str, defs: dict[str, Any]) -> list[str]:
    found: list[str] = []
    if "$ref" in schema:
        found += _refused(value, defs[schema["$ref"].removeprefix("#/$defs/")], path, defs)
    if "anyOf" in schema and all(_refused(value, inner, path, defs) for inner in schema["anyOf"]):
        found.append(f"{path or '/'}: {value!r} fits no form")
    for word, said in schema.items():
        found += [f"{path or '/'}: {why}" for why in _CHECKS[word](value, said, schema)]
    for name, inner in schema.get("properties", {}).items():
        if isinstance(value, dict) and name in value:
            found += _refused(value[name], inner, f"{path}/{name}", defs)
    for key, inner in _others(value, schema):
        found += _refused(value[key], inner, f"{path}/{key}", defs)
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            found += _refused(item, schema["items"], f"{path}/{number}", defs)
    return found


def as_editors_read(text: str) -> Any:
    """The value of a YAML text."""
    document = documents.read("a.yml", text)
    assert not document.problems, document.problems
    assert document.root is not None
    return plain(document.root)


def plain(node: Node) -> Any:
    """A node as JSON has it."""
    if isinstance(node, Mapping):
        return {key.value: plain(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    if not node.plain:
        return node.value
    if node.value in ("", "~", "null", "Null", "NULL"):
        return None
    if node.value in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return node.value.lower() == "true"
    if _NUMBER.fullmatch(node.value):
        number = float(node.value)
        return int(number) if number.is_integer() and "." not in node.value else number
    return node.value


def _others(value: Any, schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The keys that no property names, with the schema that they must fit."""
    if not isinstance(value, dict):
        return []
    others = []
    for key in value.keys() - schema.get("properties", {}).keys():
        by_pattern = [inner for p, inner in schema.get("patternProperties", {}).items() if re.search(p, key)]
        rest = schema.get("additionalProperties", True)
        others += [(key, inner) for inner in by_pattern or ([rest] if isinstance(rest, dict) else [])]
    return others


def _is(value: Any, name: str) -> bool:
    if name == "integer":
        return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    return isinstance(value, _TYPES[name]) and not (name == "number" and isinstance(value, bool))


def _type(value: Any, said: Any, _: Any) -> list[str]:
    names = [said] if isinstance(said, str) else said
    return [] if any(_is(value, name) for name in names) else [f"{value!r} is no {said}"]


def _enum(value: Any, said: Any, _: Any) -> list[str]:
    same = any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in said)
    return [] if same else [f"{value!r} is none of {said}"]


def _required(value: Any, said: Any, _: Any) -> list[str]:
    return [f"lacks {name}" for name in said if isinstance(value, dict) and name not in value]


def _closed(value: Any, said: Any, schema: dict[str, Any]) -> list[str]:
    if said is not False or not isinstance(value, dict):
        return []
    patterns = schema.get("patternProperties", {})
    known = schema.get("properties", {})
    return [f"{k} is unknown" for k in value if k not in known and not any(re.search(p, k) for p in patterns)]


def _unique(value: Any, said: Any, _: Any) -> list[str]:
    texts = [json.dumps(item, sort_keys=True) for item in value] if isinstance(value, list) else []
    return ["an item stands twice"] if said and len(set(texts)) < len(texts) else []


def _pattern(value: Any, said: Any, _: Any) -> list[str]:
    return [f"{value!r} is not {said}"] if isinstance(value, str) and not re.search(said, value) else []


def _bound(value: Any, fits: Any) -> list[str]:
    return [] if not _is(value, "number") or fits(value) else [f"{value} is out of bounds"]


def _nothing(*_: Any) -> list[str]:
    return []


_CHECKS: dict[str, Any] = {
    "type": _type, "enum": _enum, "required": _required, "additionalProperties": _closed,
    "uniqueItems": _unique,
    "minimum": lambda value, said, _: _bound(value, lambda v: v >= said),
    "maximum": lambda value, said, _: _bound(value, lambda v: v <= said),
    "pattern": _pattern,
    "minItems": lambda value, said, _: ["too few items"] if isinstance(value, list) and len(value) < said else [],
    **dict.fromkeys(
        ("$schema", "$defs", "$ref", "anyOf", "title", "description", "properties", "patternProperties", "items"),
        _nothing,
    ),
}  # fmt: skip
