"""Which records does a text file hold, and which lines are none? The careful reader, for files with dirt in
them.

Takes lines of text; yields records in file order, good ones and bad ones with their reason. No line kills the
run and none vanishes: a record over several lines that cannot be read is one bad line, and reading goes on at
the line after. Before: `csv_file`, whose quick path reads clean files.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TextIO

LINE_CHARS_MAX = 131_072  # also the csv module's limit of one field
RECORD_LINES_MAX = 1_000
KEPT_CHARS_MAX = 2_000  # of a bad line, in quarantine


class Record(NamedTuple):
    """One record: its values, or the reason why it has none and the text of the line."""

    values: list[str | None] | None
    reason: str = ""
    line: str = ""


def csv_records(file: TextIO, delimiter: str, width: int) -> Iterator[Record]:
    """The records of an open CSV file (opened with `newline=""`, undecodable bytes as surrogates).

    A record has `width` fields; empty ones after them, from a last delimiter, are forgiven. Values come
    without surrounding spaces, empty ones as None. A blank line is no record.
    """
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield lines.give_up("malformed quotes")
            continue
        except _TooLongError:
            yield lines.give_up("line too long" if len(lines.taken) == 1 else "malformed quotes")
            continue
        if not fields:
            lines.done()
            continue
        while len(fields) > width and fields[-1] == "":
            fields.pop()
        reason = _fault(fields, width)
        if reason:
            yield lines.give_up(reason)
        else:
            lines.done()
            yield Record([value.strip(" ") or None for value in fields])


def json_records(file: TextIO) -> Iterator[tuple[dict[str, str | None] | None, Record]]:
    """The records of an open file of JSON lines: for each line an object of texts, or None and the bad record.

    Numbers become text, objects and lists inside stay JSON text. A blank line is no record.
    """
    lines = _Lines(file)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except _TooLongError:
            yield None, lines.give_up("line too long")
            continue
        if not line.strip():
            lines.done()
            continue
        try:
            found = json.loads(line, parse_constant=str)
        except (ValueError, RecursionError):
            found = None
        reason = _fault([line], 1) or ("" if isinstance(found, dict) else "not a JSON object")
        values = {} if reason else {str(name): _text(value) for name, value in found.items()}
        reason = reason or _fault([*values, *(value for value in values.values() if value)], 0)
        if reason:
            yield None, lines.give_up(reason)
        else:
            lines.done()
            yield values, Record([])


class _TooLongError(Exception):
    """A line or a record is longer than the bound."""


class _Lines:
    """The lines of a file, which remembers those of the record being read and can put them back."""

    def __init__(self, file: TextIO) -> None:
        self._read = file.readline
        self.taken: list[str] = []
        self.back: deque[str] = deque()
        self.chars = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.back.popleft() if self.back else self._read(LINE_CHARS_MAX + 1)
        if not line:
            raise StopIteration
        self.taken.append(line)
        self.chars += len(line)
        if self.chars > LINE_CHARS_MAX or len(self.taken) > RECORD_LINES_MAX:
            if len(self.taken) == 1:
                self._skip_rest(line)
            raise _TooLongError
        return line

    def done(self) -> None:
        """The record was read: forget its lines."""
        self.taken, self.chars = [], 0

    def give_up(self, reason: str) -> Record:
        """The record cannot be read: its first line is bad, the others are read again."""
        first, rest = self.taken[0], self.taken[1:]
        self.back.extendleft(reversed(rest))
        self.done()
        return Record(None, reason, clean(first.rstrip("\r\n"))[:KEPT_CHARS_MAX])

    def _skip_rest(self, line: str) -> None:
        while line and not line.endswith(("\n", "\r")):
            line = self._read(LINE_CHARS_MAX)


def clean(text: str) -> str:
    """The text with undecodable bytes as the replacement character, so that it can be stored."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "\ufffd")


def _fault(fields: list[str], width: int) -> str:
    joined = "".join(fields)
    if "\0" in joined:
        return "NUL byte"
    if not joined.isascii():
        try:
            joined.encode("utf-8")
        except UnicodeEncodeError:
            return "bad encoding"
    if width and len(fields) != width:
        return "wrong number of fields"
    return ""


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip(" ") or None
    return None if value is None else json.dumps(value, ensure_ascii=False)
