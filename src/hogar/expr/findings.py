"""What is wrong in this text, and where in its file? Collects problems by offset; turns offsets into places."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hogar.errors import Place, Problem


@dataclass
class Findings:
    """The problems found in one expression so far. `place` is where its text begins in the file."""

    text: str
    place: Place
    problems: list[Problem] = field(default_factory=list)

    def add(self, offset: int, what: str, cure: str = "") -> None:
        """Note a problem at an offset (0-based, in characters) of the text."""
        self.problems.append(Problem(place=place_at(self.text, self.place, offset), what=what, cure=cure))


def place_at(text: str, place: Place, offset: int) -> Place:
    """The place of an offset into a text that begins at `place`; later lines begin at column 1."""
    before = text[:offset]
    line_breaks = before.count("\n")
    if not line_breaks:
        return replace(place, column=place.column + offset)
    return replace(place, line=place.line + line_breaks, column=offset - before.rindex("\n"))
