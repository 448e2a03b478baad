"""What went wrong, where, and how is it mended? The one base of all errors, and the problem as a value.

A `Problem` is data: found, collected, and shown all at once. A `HogarError` stops the work; its class's
docstring is its default message. Nothing here imports another room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["problem", "warning"]


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """A place in a file a person wrote: 1-based line and column, `file` relative to the project.

    >>> str(Place(file="strategy/actions/fibre.yml", line=4, column=3))
    'strategy/actions/fibre.yml:4:3'
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong in what a person wrote or gave: where, what, and the cure where we know one.

    A problem stops what was asked for; a warning is told and stops nothing.

    >>> print(Problem(place=Place(file="a.yml", line=2, column=5), what="`tenure_month` is not a feature",
    ...               cure="did you mean `tenure_months`?"))
    a.yml:2:5: `tenure_month` is not a feature; did you mean `tenure_months`?
    """

    place: Place
    what: str
    cure: str = ""
    severity: Severity = "problem"

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" + (f"; {self.cure}" if self.cure else "")


class HogarError(Exception):
    """Something went wrong in Hogar."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or type(self).__name__).strip().splitlines()[0])


class UsageError(HogarError):
    """The command was called with something that does not exist or does not fit."""


class ProblemsFound(HogarError):
    """There are problems in what was given; each is listed with its place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The cure for a misspelt word: the nearest known one, or what there is when the list is short.

    >>> did_you_mean("eligible_wen", ["eligible_when", "value"])
    'did you mean `eligible_when`?'
    """
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    if 0 < len(known) <= 12:
        return "there is " + ", ".join(f"`{name}`" for name in sorted(known))
    return ""
