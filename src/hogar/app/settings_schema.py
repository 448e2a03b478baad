"""What does an editor need to know of `hogar.toml`? The table of settings as a JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hogar.app.settings import SETTINGS, SILO_SETTINGS, Setting
from hogar.strategy.schema import DIALECT


def settings_schema() -> dict[str, Any]:
    """The JSON Schema of `hogar.toml`, from the same table by which it is read."""
    sections = dict.fromkeys(setting.section for setting in SETTINGS)
    tables = {
        section: _table(setting for setting in SETTINGS if setting.section == section) for section in sections
    }
    silos = {"type": "object", "additionalProperties": _table(SILO_SETTINGS) | {"required": ["files"]}}
    return {
        "$schema": DIALECT, "title": "Settings of a project", "type": "object",
        "properties": {**tables, "silos": silos}, "additionalProperties": False,
    }  # fmt: skip


def _table(settings: Iterable[Setting]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {each.name: {"description": each.help, **_value(each)} for each in settings},
        "additionalProperties": False,
    }


def _value(setting: Setting) -> dict[str, Any]:
    text: dict[str, Any] = {"enum": list(setting.one_of)} if setting.one_of else {"type": "string"}
    if setting.type is list:
        return {"anyOf": [text, {"type": "array", "items": text}]}
    return text if setting.type is str else {"type": _NAMES[setting.type]}


_NAMES = {bool: "boolean", int: "integer", float: "number"}
