"""Every command that a document or a message names exists, with the options that it names.

Looked at are fenced blocks and inline code of all documents, and texts in backticks in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.docs.documents import ROOT, blocks, name_of, pages, spans

from hogar.cli import app

COMMAND = re.compile(r"^(?:\$ +)?(?:\.venv/bin/)?(hogar|make)( .*)?$")
IN_SOURCE = re.compile(r"`(hogar|make) ([^`]+)`")
PLACEHOLDER = re.compile(
    r"[A-Z]+|\{[a-z_.]+\}"
)  # any command: `hogar COMMAND --help`, or an f-string's field
CLI: Any = typer.main.get_command(app)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
VARIABLES = set(re.findall(r"^([A-Z]+) *[?:]?=", MAKEFILE, re.MULTILINE)) | set(
    re.findall(r"\$\(or \$\(([A-Z]+)\)", MAKEFILE)
)


@pytest.mark.parametrize("path", pages(), ids=name_of)
def test_the_commands_of_a_document_exist(path: Path) -> None:
    """Each `hogar ...` and `make ...` of blocks and inline code is a command, with options that it has."""
    found = [f"{name_of(path)}:{line}: {wrong}" for line, text in _typed(path) for wrong in _wrong(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", sorted((ROOT / "src/hogar").rglob("*.py")), ids=name_of)
def test_the_commands_in_messages_exist(path: Path) -> None:
    """A cure that names a command names one that there is."""
    text = path.read_text(encoding="utf-8")
    found = [
        f"{name_of(path)}:{text[: match.start()].count(chr(10)) + 1}: {wrong}"
        for match in IN_SOURCE.finditer(text)
        for wrong in _wrong(f"{match[1]} {match[2]}")
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("hogar build --project D", ""),
        ("hogar campaign plan NAME --out FILE.csv", ""),
        ("hogar explain decision|household ID", ""),
        ("hogar campaign plan|run NAME", ""),
        ("make demo ARGS=--no-serve", ""),
        ("hogar COMMAND --help", ""),
        ("hogar biuld", "`hogar biuld`"),
        ("hogar campaign fly", "`hogar campaign fly`"),
        ("hogar build --fast", "`--fast`"),
        ("make coffee", "`make coffee`"),
        ("make demo SPEED=9", "`SPEED`"),
        ("make demo ARGS=--fast", "`--fast`"),
    ],
)
def test_the_check_itself(text: str, wrong: str) -> None:
    """What exists passes; what does not is named."""
    found = list(_wrong(text))
    assert (wrong in found[0]) if wrong else not found


def _typed(path: Path) -> Iterator[tuple[int, str]]:
    """What a reader would type, with its line."""
    text = path.read_text(encoding="utf-8")
    for block in blocks(text):
        if block.language in ("", "bash", "sh", "shell", "console"):
            for number, line in enumerate(block.text.splitlines()):
                if COMMAND.match(line.strip()):
                    yield block.line + number, line.strip()
    for number, span in spans(text):
        if COMMAND.match(span):
            yield number, span


def _wrong(text: str) -> Iterator[str]:
    """What of one typed command does not exist. `a|b` are two commands, brackets mark what may be left out."""
    match = COMMAND.match(text)
    assert match is not None
    words = re.split(r"\s+", re.sub(r"\s#.*", "", (match[2] or "").replace("[", "").replace("]", "")).strip())
    words = [word.rstrip(".,;:") for word in words if word]
    yield from (_wrong_make(words) if match[1] == "make" else _wrong_hogar(words))


def _wrong_make(words: list[str]) -> Iterator[str]:
    for word in words:
        name, is_setting, value = word.partition("=")
        if is_setting and name not in VARIABLES:
            yield f"the Makefile knows no `{name}`"
        elif is_setting and name == "ARGS":
            yield from _wrong_hogar(["demo", value])
        elif not is_setting and word not in TARGETS:
            yield f"there is no `make {word}`"


def _wrong_hogar(words: list[str]) -> Iterator[str]:
    commands: list[Any] = [CLI]
    path = "hogar"
    while words and all(hasattr(command, "commands") for command in commands) and words[0][:1] != "-":
        if PLACEHOLDER.fullmatch(words[0]):
            return
        group, alternatives = commands[0], words[0].split("|")
        missing = [word for word in alternatives if word not in group.commands]
        if missing:
            yield from (f"there is no `{path} {word}`" for word in missing)
            return
        commands = [group.commands[word] for word in alternatives]
        path, words = f"{path} {words[0]}", words[1:]
    known = {option for command in commands for parameter in command.params for option in parameter.opts}
    for word in words:
        name = word.partition("=")[0]
        if re.fullmatch(r"--[a-z][a-z-]*", name) and name not in known | {"--help"}:
            yield f"`{path}` has no `{name}`"
