"""Is this a market that can be? Reads the parameter file's text; returns typed parameters, or every problem.

A file is whole: a missing parameter is a problem like an unknown or an impossible one. A regime is a second file
that holds only what differs from the first. After: every other step.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from hogar.errors import Place, Problem, ProblemsFound, did_you_mean
from hogar.twin.parameters import SECTIONS, Params
from hogar.twin.parameters.possible import impossible, in_order

ROOT_KEYS = ("version", "regime", "now")
REGIMES = ("spain", "one-name", "keep-name", "prepaid")
FIRST_YEAR, LAST_YEAR = 1980, 2199
VERSION_MAX = 100
PARTS_OF_ONE = (  # (section, parameter, parameter): shares of one whole, of which something is left or nothing
    ("consent", "marketing", "marketing_some"),
    ("consent", "marketing", "objection"),
    ("contracts", "prepaid_registered_to_another", "prepaid_registered_outside"),
    ("devices", "handed_to_kin", "handed_to_friends"),
    ("tastes", "home_part", "age_part"),
)


def read_params(text: str, file: str = "params.toml", *, overlay: tuple[str, str] | None = None) -> Params:
    """Typed parameters from the text of a parameter file (TOML); `file` only names it in problems.

    `overlay` is the text and name of a second file that holds only what differs: its values take the place of
    the first's, key by key. Raises `ProblemsFound` with every unknown, missing or impossible parameter and the
    file and line on which it stands.
    """
    layers = [(text.removeprefix("\ufeff"), file), *([overlay] if overlay else [])]
    reader = _Reader(layers)
    raw: dict[str, Any] = {}
    for layer, name in layers:
        raw = _merged(raw, _parsed(layer, name))
        if not raw:
            raise ProblemsFound([Problem(place=Place(file=name), what="is empty", cure="copy the default")])
    for key in raw:
        if key not in SECTIONS and key not in ROOT_KEYS:
            reader.problem("", key, f"`{key}` is not a section", did_you_mean(key, [*SECTIONS, *ROOT_KEYS]))
    sections = {name: reader.section(name, kind, raw.get(name, {})) for name, kind in SECTIONS.items()}
    now = reader.moment(raw.get("now"))
    version = raw.get("version")
    if not isinstance(version, str) or not version.isprintable() or not 0 < len(version) <= VERSION_MAX:
        reader.problem("", "version", f"`version` is no text of one line, of up to {VERSION_MAX} letters")
    if raw.get("regime") not in REGIMES:
        reader.problem("", "regime", f"`regime` is none of {', '.join(REGIMES)}")
    reader.together(sections)
    if reader.problems or now is None:
        raise ProblemsFound(reader.problems)
    return Params(version=raw["version"], regime=raw["regime"], now=now, **sections)


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a plain ValueError
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        line = int(found[1]) if (found := re.search(r"line (\d+)", why)) else 1
        raise ProblemsFound([Problem(place=Place(file=file, line=line), what=f"not TOML: {why}")]) from None


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Sections are merged key by key; a value, also one that is a table such as shares, is replaced whole."""
    return dict(below) | {
        key: below[key] | value if isinstance(value, dict) and isinstance(below.get(key), dict) else value
        for key, value in above.items()
    }


class _Reader:
    """Collects problems, with the file and line on which a key stands (of two layers: in the upper one)."""

    def __init__(self, layers: Sequence[tuple[str, str]]) -> None:
        self.problems: list[Problem] = []
        self._file = layers[0][1]
        self._place_of: dict[tuple[str, str], Place] = {}
        for text, file in layers:
            section = ""
            for number, line in enumerate(text.split("\n"), start=1):
                if head := re.match(r"\s*\[([\w.-]+)\]", line):
                    section = head[1]
                    self._place_of[section, ""] = Place(file=file, line=number)
                elif key := re.match(r"\s*([\w-]+)\s*=", line):
                    self._place_of[section, key[1]] = Place(file=file, line=number)

    def problem(self, section: str, key: str, what: str, cure: str = "") -> None:
        place = self._place_of.get((section, key)) or self._place_of.get((section or key, ""))
        self.problems.append(Problem(place=place or Place(file=self._file), what=what, cure=cure))

    def section(self, name: str, kind: type[Any], raw: Any) -> Any:
        """One section's dataclass; None (with problems noted) where it cannot be made."""
        if not isinstance(raw, dict):
            self.problem("", name, f"`{name}` is not a section")
            return None
        known, before = {one.name: one.metadata for one in fields(kind)}, len(self.problems)
        for key in raw.keys() - known.keys():
            self.problem(name, key, f"`{name}.{key}` is not a parameter", did_you_mean(key, list(known)))
        for key in known.keys() - raw.keys():
            self.problem(
                name, key, f"`{name}.{key}` is missing", "a parameter file is whole: copy the default"
            )
        for key in known.keys() & raw.keys():
            if why := impossible(known[key], raw[key]):
                self.problem(name, key, f"`{name}.{key}` {why}")
        if len(self.problems) > before:
            return None
        return kind(**{key: in_order(known[key], value) for key, value in raw.items()})

    def moment(self, raw: Any) -> datetime | None:
        """`now` in UTC; None (with the problem noted) where it is no moment of these centuries."""
        try:
            moment = datetime.fromisoformat(raw)
            now = moment.astimezone(UTC) if moment.tzinfo else None
        except (TypeError, ValueError, OverflowError):
            now = None
        if now is None:
            cure = "quote it" if isinstance(raw, datetime) else ""
            self.problem("", "now", '`now` is not a moment such as "2026-03-02T09:00:00Z"', cure)
        elif not FIRST_YEAR <= now.year <= LAST_YEAR:
            self.problem("", "now", f"`now` is not within the years {FIRST_YEAR} to {LAST_YEAR}")
            return None
        return now

    def together(self, sections: Mapping[str, Any]) -> None:
        """What is possible alone and impossible together."""
        for name, one, other in PARTS_OF_ONE:
            section = sections[name]
            if section and getattr(section, one) + getattr(section, other) > 1 + 1e-9:
                self.problem(name, other, f"`{name}.{one}` and `{name}.{other}` are together more than all")
