"""Is this a market that can be? Reads the parameter file's text; returns typed parameters, or every problem.

A file is whole: a missing parameter is a problem like an unknown or an impossible one. A regime is a second file
that holds only what differs from the first. After: every other step.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from hogar.errors import Place, Problem, ProblemsFound, did_you_mean
from hogar.twin.parameters import AGES, KINDS, SECTIONS, Params
from hogar.twin.parameters.rules import (
    BY_AGE,
    BY_KIND,
    BY_PAYMENT,
    COUNT,
    NUMBER,
    NUMBERS,
    PAYMENTS,
    POSITIVE,
    POSITIVE_BY_AGE,
    SHARE,
    SHARES,
    SHARES_OF_ANY,
    SIZES,
    SPREAD,
    TEXT,
)

ROOT_KEYS = ("version", "regime", "now")
REGIMES = ("spain", "one-name", "keep-name", "prepaid")


def read_params(text: str, file: str = "params.toml", *, overlay: tuple[str, str] | None = None) -> Params:
    """Typed parameters from the text of a parameter file (TOML); `file` only names it in problems.

    `overlay` is the text and name of a second file that holds only what differs: its values take the place of
    the first's, key by key. Raises `ProblemsFound` with every unknown, missing or impossible parameter and the
    file and line on which it stands.
    """
    layers = [(text, file), *([overlay] if overlay else [])]
    reader = _Reader(layers)
    raw: dict[str, Any] = {}
    for layer, name in layers:
        raw = _merged(raw, _parsed(layer, name))
    for key in raw:
        if key not in SECTIONS and key not in ROOT_KEYS:
            reader.problem("", key, f"`{key}` is not a section", did_you_mean(key, [*SECTIONS, *ROOT_KEYS]))
    sections = {name: reader.section(name, kind, raw.get(name, {})) for name, kind in SECTIONS.items()}
    now = reader.moment(raw.get("now"))
    if not isinstance(raw.get("version"), str):
        reader.problem("", "version", "`version` is missing or no text")
    if raw.get("regime") not in REGIMES:
        reader.problem("", "regime", f"`regime` is none of {', '.join(REGIMES)}")
    if not reader.problems:
        reader.together(sections)
    if reader.problems or now is None:
        raise ProblemsFound(reader.problems)
    return Params(version=raw["version"], regime=raw["regime"], now=now, **sections)


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = int(found[1]) if (found := re.search(r"line (\d+)", str(error))) else 1
        raise ProblemsFound([Problem(place=Place(file=file, line=line), what=f"not TOML: {error}")]) from None


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
            for number, line in enumerate(text.splitlines(), start=1):
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
        known = {one.name: one.metadata for one in fields(kind)}
        for key in raw.keys() - known.keys():
            self.problem(name, key, f"`{name}.{key}` is not a parameter", did_you_mean(key, list(known)))
        for key in known.keys() - raw.keys():
            self.problem(
                name, key, f"`{name}.{key}` is missing", "a parameter file is whole: copy the default"
            )
        for key in known.keys() & raw.keys():
            if why := _impossible(known[key]["rule"], raw[key], known[key]["choices"]):
                self.problem(name, key, f"`{name}.{key}` {why}")
        return None if self.problems else kind(**raw)

    def moment(self, raw: Any) -> datetime | None:
        try:
            moment = datetime.fromisoformat(raw)
        except (TypeError, ValueError):
            moment = None
        if moment is None or moment.tzinfo is None:
            self.problem("", "now", "`now` is not a moment such as 2026-03-02T09:00:00Z")
            return None
        return moment

    def together(self, sections: Mapping[str, Any]) -> None:
        """What is possible alone and impossible together."""
        consent, use, onnet = sections["consent"], sections["use"], sections["onnet"]
        if consent.marketing + consent.marketing_some > 1:
            self.problem("consent", "marketing", "`marketing` and `marketing_some` are more than everybody")
        if consent.objection > 1 - consent.marketing:
            self.problem(
                "consent", "objection", "who objects cannot say yes to marketing: more than everybody"
            )
        if use.bill_months > 12:
            self.problem(
                "use", "bill_months", "`use.bill_months` is more than the 12 months that are simulated"
            )
        if onnet.sim_from_age > 17:
            self.problem("onnet", "sim_from_age", "`onnet.sim_from_age` is past childhood")
        parts = sections["contracts"]
        if parts.prepaid_registered_to_another + parts.prepaid_registered_outside > 1:
            self.problem(
                "contracts", "prepaid_registered_outside", "more prepaid SIMs than all are registered away"
            )


def _impossible(rule: str, value: Any, choices: tuple[str, ...] = ()) -> str:
    """Why this value cannot be, or nothing."""
    if rule in (SHARES, SHARES_OF_ANY, SIZES, BY_KIND, BY_PAYMENT, BY_AGE, SPREAD, POSITIVE_BY_AGE):
        return _impossible_table(rule, value)
    if rule == TEXT:
        return "" if value in choices else f"is none of {', '.join(choices)}"
    if rule == NUMBERS:
        good = (
            isinstance(value, list)
            and value
            and not any(_impossible(NUMBER, one) or one < 0 for one in value)
        )
        return "" if good and sum(value) > 0 else "is not a list of numbers from 0"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is not a number"
    if rule == SHARE and not 0 <= value <= 1:
        return f"is a share, and {value} is not within 0 and 1"
    if rule == POSITIVE and not value > 0:
        return f"must be more than 0, and is {value}"
    if rule == COUNT and (not isinstance(value, int) or value < 1):
        return f"must be a whole number from 1, and is {value}"
    return "" if abs(value) < 1e9 else f"is {value}"


def _impossible_table(rule: str, value: Any) -> str:
    if not isinstance(value, dict):
        return "is not a table such as { name = 0.5 }"
    inner = {SPREAD: NUMBER, POSITIVE_BY_AGE: POSITIVE}.get(rule, SHARE)
    for key, one in value.items():
        if why := _impossible(inner, one):
            return f"of `{key}` {why}"
    wanted = {
        BY_KIND: KINDS, SHARES: KINDS, BY_PAYMENT: PAYMENTS, BY_AGE: AGES, POSITIVE_BY_AGE: AGES,
        SPREAD: ("mean", "sd"),
    }  # fmt: skip
    if rule in wanted and set(value) != set(wanted[rule]):
        return "must have exactly " + ", ".join(wanted[rule])
    if rule == SIZES and not all(key.isdigit() and 1 <= int(key) <= 9 for key in value):
        return "must have sizes from 1 to 9 as keys"
    if rule == SPREAD and value["sd"] < 0:
        return "has a spread below 0"
    if rule in (SHARES, SHARES_OF_ANY, SIZES, BY_PAYMENT) and abs(sum(value.values()) - 1) > 1e-6:
        return f"are shares of a whole, and sum to {sum(value.values()):g} instead of 1"
    return ""
