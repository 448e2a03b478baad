"""Where in the file does a character of a YAML value stand? Exact also in quotes, folded and block text.

YAML folds line breaks and undoes escapes, but it never moves or drops a character that can be seen. So the
visible characters of the source and of the value pair up one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hogar.errors import Place
from hogar.strategy.documents import Document, Scalar

_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_INVISIBLE_ESCAPES = frozenset("0abtnvfreNLP_ \t\n")


def place_in_value(document: Document, scalar: Scalar, offset: int) -> Place:
    """The place of the value's character `offset`; its end, or its start, where there is no such character."""
    value = scalar.value
    offset = max(0, min(offset, len(value)))
    before = sum(not character.isspace() for character in value[:offset])
    found = -1
    for number, index in enumerate(_visible(document.text, scalar)):
        if number == before and not (offset < len(value) and value[offset].isspace()):
            return _place(document, index)
        if number == before - 1:
            found = index
            if offset < len(value) and value[offset].isspace():
                break
    return scalar.place if found < 0 else _place(document, found + 1)


def offset_of(text: str, line: int, column: int) -> int:
    """The offset in `text` of its 1-based line and column."""
    lines = text.split("\n")
    line = max(1, min(line, len(lines)))
    return sum(len(each) + 1 for each in lines[: line - 1]) + max(0, min(column - 1, len(lines[line - 1])))


def _visible(text: str, scalar: Scalar) -> Iterator[int]:
    """Indices in the file of the characters that the value shows, in order."""
    start, end = scalar.index, scalar.end
    if scalar.style in "|>" and scalar.style:
        start = text.index("\n", start) + 1 if "\n" in text[start:end] else end
    elif scalar.style in ("'", '"'):
        start, end = start + 1, end - 1
    index = start
    while index < end:
        if scalar.style == "'" and text[index] == "'":
            yield index
            index += 2
            continue
        if scalar.style == '"' and text[index] == "\\":
            escape = _ESCAPE.match(text, index)
            assert escape is not None, "the parser accepted this escape"
            if _shows(escape.group(1)):
                yield index
            index = escape.end()
            continue
        if not text[index].isspace():
            yield index
        index += 1


def _shows(escape: str) -> bool:
    if len(escape) > 1:
        return not chr(int(escape[1:], 16)).isspace()
    return escape in "0abe" or escape not in _INVISIBLE_ESCAPES


def _place(document: Document, index: int) -> Place:
    before = document.text[:index]
    return Place(file=document.file, line=before.count("\n") + 1, column=index - before.rfind("\n"))
