"""Does a text match a `like` pattern? One reading of the pattern for both engines.

`%` is any text, also none; `_` is any one character; all else stands for itself, case counts. The common patterns
(`x`, `x%`, `%x`, `%x%`) become plain text operations, the rest a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Match:
    """A pattern read: how to match, and with which text (for `regex`: the pattern itself)."""

    how: Literal["equal", "prefix", "suffix", "part", "regex"]
    text: str

    def python(self, value: str, constant: Callable[[object], str]) -> str:
        """Python source that matches the text which `value` is source for; `constant` names what it needs."""
        match self.how:
            case "equal":
                return f"({value} == {constant(self.text)})"
            case "prefix":
                return f"{value}.startswith({constant(self.text)})"
            case "suffix":
                return f"{value}.endswith({constant(self.text)})"
            case "part":
                return f"({constant(self.text)} in {value})"
            case "regex":
                return f"({constant(_python_regex(self.text).fullmatch)}({value}) is not None)"

    def polars(self, value: pl.Expr) -> pl.Expr:
        """The Polars form."""
        match self.how:
            case "equal":
                return value == pl.lit(self.text)
            case "prefix":
                return value.str.starts_with(self.text)
            case "suffix":
                return value.str.ends_with(self.text)
            case "part":
                return value.str.contains(self.text, literal=True)
            case "regex":
                return value.str.contains(rf"(?s)\A{_regex(self.text, '.*')}\z")


def read_pattern(pattern: str) -> Match:
    """The simplest way to match a pattern."""
    inner = pattern.strip("%")
    if "%" in inner or "_" in inner or not inner:
        return Match(how="regex", text=pattern)
    starts, ends = pattern.startswith("%"), pattern.endswith("%")
    if starts and ends:
        return Match(how="part", text=inner)
    if starts or ends:
        return Match(how="suffix" if starts else "prefix", text=inner)
    return Match(how="equal", text=inner)


def _python_regex(pattern: str) -> re.Pattern[str]:
    """Each piece between `%` is taken where it first occurs and not tried elsewhere: no pattern is slow."""
    head, *rest = re.sub("%+", "%", pattern).split("%")
    if not rest:
        return re.compile(_regex(head, ""), re.DOTALL)
    middle = "".join(f"(?>.*?{_regex(piece, '')})" for piece in rest[:-1])
    return re.compile(f"{_regex(head, '')}{middle}.*{_regex(rest[-1], '')}", re.DOTALL)


def _regex(pattern: str, anything: str) -> str:
    return "".join(anything if c == "%" else "." if c == "_" else _escaped(c) for c in pattern)


def _escaped(character: str) -> str:
    return "\\" + character if character in r"\.+*?()|[]{}^$#&-~" else character
