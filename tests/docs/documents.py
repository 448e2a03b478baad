"""Which documents are there, and what stands in them? Pages, fenced blocks, inline code, links and tables.

Reads Markdown files; returns values. Used by the tests that hold documents and code together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^ *(`{3,}|~{3,}) *(\w*)")
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: its language, its text, and the line on which it begins."""

    language: str
    text: str
    line: int


def pages() -> list[Path]:
    """Every document that a reader may open, README first."""
    found = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
    for folder in ("docs", "changelog.d", "examples", "src/hogar/templates"):
        found += sorted((ROOT / folder).rglob("*.md"))
    return found


def name_of(path: Path) -> str:
    """A document's path as people write it."""
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    fence, language, start = "", "", 0
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        found = FENCE.match(line)
        if not fence and found:
            fence, language, start, lines = found[1], found[2], number, []
        elif fence and line.strip() == fence:
            yield Block(language=language, text="\n".join(lines), line=start + 1)
            fence = ""
        elif fence:
            lines.append(line)


def prose(text: str) -> str:
    """The page with its fenced blocks blanked out, so that line numbers stay."""
    lines = text.splitlines()
    for block in blocks(text):
        for number in range(block.line - 2, block.line + len(block.text.splitlines())):
            lines[number] = ""
    return "\n".join(lines)


def spans(text: str) -> Iterator[tuple[int, str]]:
    """Inline code outside fenced blocks, with its line."""
    for number, line in enumerate(prose(text).splitlines(), start=1):
        for found in SPAN.finditer(line):
            yield number, found[1]


def links(text: str) -> Iterator[tuple[int, str]]:
    """Where links and pictures point, with their line."""
    for number, line in enumerate(prose(text).splitlines(), start=1):
        for found in LINK.finditer(line):
            yield number, found[1] or found[2]


def anchors(text: str) -> set[str]:
    """The names under which a page's headings can be linked, as GitHub makes them."""
    words = (heading.lower() for _, heading in HEADING.findall(prose(text)))
    return {re.sub(r"[^\w\- ]", "", word).replace(" ", "-") for word in words}


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level or above. Raises KeyError without it."""
    found = list(HEADING.finditer(prose(text)))
    lines = text.splitlines()
    for position, match in enumerate(found):
        if match[2] == heading:
            start = prose(text)[: match.start()].count("\n") + 1
            after = (other for other in found[position + 1 :] if len(other[1]) <= len(match[1]))
            end = next((prose(text)[: other.start()].count("\n") for other in after), len(lines))
            return "\n".join(lines[start:end])
    raise KeyError(heading)


def rows(text: str) -> list[tuple[str, ...]]:
    """The cells of all table rows of a text, heads and rules left out."""
    lines = prose(text).splitlines()
    found = []
    for number, line in enumerate(lines):
        is_rule = re.fullmatch(r"\|[\s:|-]+\|", line) is not None
        is_head = number + 1 < len(lines) and re.fullmatch(r"\|[\s:|-]+\|", lines[number + 1]) is not None
        if line.startswith("|") and not is_rule and not is_head:
            cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
            found.append(tuple(cell.strip().replace("\\|", "|") for cell in cells))
    return found
