"""What the README shows of the demo is what the demo prints, but for numbers that a machine may change."""

from __future__ import annotations

import re

import pytest
from tests.docs.conftest import Demo
from tests.docs.documents import ROOT, blocks

pytestmark = pytest.mark.slow
README = (ROOT / "README.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"[A-Z]-[a-z0-9:]*[A-Z0-9][A-Za-z0-9:]*|D-[0-9a-f]+|\b[0-9a-f]{12}\b|\d[\d,.]*")


def shown(first_word: str) -> list[str]:
    """The lines of the README's block that begins with a word."""
    found = [block.text for block in blocks(README) if block.text.startswith(first_word)]
    assert len(found) == 1, f"the README has {len(found)} blocks that begin with `{first_word}`"
    return found[0].splitlines()


def bare(line: str) -> str:
    """A line without its numbers, ids, frames and spaces."""
    return " ".join(NUMBER.sub("#", line).replace("│", " ").split())


def test_the_demo_tells_its_stories(demo: Demo) -> None:
    """All four stories come true, and what is owned, ordered or above the spend band is never offered."""
    assert demo.code == 0, demo.words
    assert demo.words.count("✓") == 6
    assert "✗" not in demo.words
    for words in ("Roaming, 2 GB", "Family plan", "Renewal with a new phone", "Home plan with television"):
        assert words in demo.words


@pytest.mark.parametrize("first_word", ["market", "Home plan with television to"])
def test_the_readme_shows_what_the_demo_prints(demo: Demo, first_word: str) -> None:
    """Line by line; `...` stands for lines that the README leaves out."""
    printed = {bare(line) for line in demo.words.splitlines()}
    missing = [
        line for line in shown(first_word) if line.strip() not in ("", "...") and bare(line) not in printed
    ]
    assert not missing, "the demo does not print:\n" + "\n".join(missing) + "\nit prints:\n" + demo.words
