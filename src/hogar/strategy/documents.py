"""What stands where in an author's YAML file? Text in, nodes with their places out, or the problems found.

The nodes are built from the parser's events, not by its loader: so each keeps its place, nothing is guessed
from a plain word (`no` stays the text an author wrote), aliases and tags are refused instead of expanded, and
depth is bounded before it can hurt. After: `leaves` and `fields` turn nodes into values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from hogar.errors import Place, Problem

SIZE_MAX = 256 * 1024  # characters of one file
DEPTH_MAX = 12

# libyaml where the wheel has it (ten times faster); the same events either way.
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, kw_only=True)
class Node:
    """One piece of YAML; `index` is where it begins in the file's text."""

    place: Place
    index: int


@dataclass(frozen=True, kw_only=True)
class Scalar(Node):
    """A leaf: its text, and whether it stood bare (`plain`) or in quotes or as a block (`style`)."""

    value: str
    end: int
    style: str = ""

    @property
    def plain(self) -> bool:
        """True for a bare word or number; only such a one can be a number, a switch or null."""
        return self.style == ""


@dataclass(frozen=True, kw_only=True)
class Sequence(Node):
    """A list of nodes."""

    items: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Mapping(Node):
    """Keys and values in the order written; a key that came twice is left out and already reported."""

    items: tuple[tuple[Scalar, Node], ...]


@dataclass
class Document:
    """One file being read: its text, its root (None when it is empty or broken) and the problems so far."""

    file: str
    text: str
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)

    def problem(self, where: Node | Place, what: str, cure: str = "") -> None:
        """Note one problem at a node or place of this file."""
        place = where.place if isinstance(where, Node) else where
        self.problems.append(Problem(place=place, what=what, cure=cure))

    @property
    def start(self) -> Place:
        """The beginning of the file, for what is missing from all of it."""
        return Place(file=self.file)


def read(file: str, content: str | bytes) -> Document:
    """The nodes of one YAML file. Never raises: what is wrong with the text stands in `problems`."""
    document = Document(file=file, text="")
    text = _decoded(document, content)
    if text is None:
        return document
    document.text = text
    if len(text) > SIZE_MAX:
        document.problem(
            document.start, f"has {len(text)} characters; at most {SIZE_MAX} are read", "split the file"
        )
        return document
    try:
        document.root = _Builder(document).build(yaml.parse(text, Loader=_FAST))
    except _Refused:
        pass
    except yaml.YAMLError as error:
        _note_syntax(document, error)
    return document


def child(node: Node | None, key: str) -> Node | None:
    """The value of a key, where the node is a mapping that has it."""
    items = node.items if isinstance(node, Mapping) else ()
    return next((value for name, value in items if name.value == key), None)


def _decoded(document: Document, content: str | bytes) -> str | None:
    if isinstance(content, str):
        return content.replace("\r\n", "\n").removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", errors="replace")
        document.problem(_end_of(document, before), "is not UTF-8 text", "save the file as UTF-8")
        return None


def _note_syntax(document: Document, error: yaml.YAMLError) -> None:
    """Say it in the pure parser's words, which are the same on every machine."""
    try:
        for _ in yaml.parse(document.text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as same:
        error = same
    if isinstance(error, yaml.reader.ReaderError):
        place = _end_of(document, document.text[: error.position])
        code = error.character if isinstance(error.character, int) else ord(error.character)
        document.problem(place, f"holds a character that YAML does not allow (U+{code:04X})")
        return
    mark = getattr(error, "problem_mark", None)
    place = document.start
    if mark is not None:
        place = Place(file=document.file, line=mark.line + 1, column=mark.column + 1)
    said = getattr(error, "problem", None) or "it cannot be parsed"
    lines = document.text.splitlines()
    here = lines[place.line - 1][: place.column] if place.line <= len(lines) else ""
    document.problem(
        place, f"is not valid YAML: {said}", "indent with spaces, never with tabs" if "\t" in here else ""
    )


def _end_of(document: Document, before: str) -> Place:
    """The place just after a beginning of the file's text."""
    return Place(file=document.file, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


class _Refused(Exception):
    """The file holds something that is not read; the problem is noted."""


class _Builder:
    """Folds the parser's events into nodes."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def build(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self.document.problem(
                    self._place(event), "a second document begins", "one file, one document"
                )
                raise _Refused
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, depth=1)
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self.document.problem(
                place, f"the alias `*{event.anchor}` is not read here", "write the value out"
            )
            raise _Refused
        if event.tag is not None and event.tag != "!":
            self.document.problem(place, f"the tag `{event.tag}` is not read here", "write a plain value")
        if depth > DEPTH_MAX:
            self.document.problem(place, f"is nested more than {DEPTH_MAX} levels deep")
            raise _Refused
        start, end = int(event.start_mark.index), int(event.end_mark.index)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(place=place, index=start, end=end, value=event.value, style=event.style or "")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place, start, events, depth)
        return self._mapping(place, start, events, depth)

    def _sequence(self, place: Place, start: int, events: Iterator[Any], depth: int) -> Sequence:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return Sequence(place=place, index=start, items=tuple(items))
            items.append(self._node(event, events, depth + 1))
        raise AssertionError("the parser ends every sequence it starts")

    def _mapping(self, place: Place, start: int, events: Iterator[Any], depth: int) -> Mapping:
        items: list[tuple[Scalar, Node]] = []
        seen: dict[str, Place] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                return Mapping(place=place, index=start, items=tuple(items))
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self.document.problem(key, "a key must be one word")
            elif key.value in seen:
                self.document.problem(
                    key,
                    f"`{key.value}` stands twice, first in line {seen[key.value].line}",
                    "keep one of them",
                )
            else:
                seen[key.value] = key.place
                items.append((key, value))
        raise AssertionError("the parser ends every mapping it starts")

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(file=self.document.file, line=mark.line + 1, column=mark.column + 1)
