"""What stands in this file of events? Lines of JSON become CloudEvents, or rejects with their place and reason.

Reads a file line by line from an offset; returns what it found and how far it got. After: `triggers` appends both to
the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from hogar.errors import UsageError
from hogar.runtime.json_input import DEPTH_MAX, decoded, flat
from hogar.stores.events import Rejected, event_time
from hogar.telco.events import Event

LINE_BYTES_MAX = 256 * 1024
FUTURE_MAX = timedelta(minutes=5)
"""How far another system's clock may be ahead of ours."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a file: an event, or why it is none. `end` is the offset behind it."""

    end: int
    number: int
    event: Event | None = None
    rejected: Rejected | None = None


def event_lines(
    path: Path, now: datetime, *, offset: int = 0, number: int = 0, growing: bool = False
) -> Iterator[Line]:
    """The lines behind an offset; empty lines are passed over. `growing`: a line without its end is left for later.

    Raises UsageError where the file cannot be read.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    with file:
        file.seek(offset)
        while text := file.readline(LINE_BYTES_MAX + 1):
            number += 1
            if growing and not text.endswith(b"\n") and len(text) <= LINE_BYTES_MAX:
                return
            reason = ""
            if len(text) > LINE_BYTES_MAX:
                kept = text
                while text and not text.endswith(b"\n"):
                    text = file.readline(LINE_BYTES_MAX)
                text, reason = kept, f"longer than {LINE_BYTES_MAX} bytes (its beginning is kept)"
            record = text.strip()
            if record:
                yield _line(path, number, file.tell(), record, reason, now)


def read_event(data: bytes, now: datetime) -> Event:
    """One CloudEvent in JSON. ValueError says what is wrong with it, the future included."""
    try:
        event = decoded(_DECODER.decode, data)
    except msgspec.DecodeError as error:
        raise ValueError(f"not a CloudEvent: {error}") from None
    check_event(event, now)
    return event


def check_event(event: Event, now: datetime) -> None:
    """Does the event fit the log, to be written and read again? ValueError says why not."""
    if event.specversion != "1.0":
        raise ValueError(f"specversion is `{event.specversion}`, we read 1.0")
    for name in ("id", "source", "type", "subject"):
        if not getattr(event, name):
            raise ValueError(f"`{name}` is empty")
    if not flat(event.data):
        raise ValueError(f"`data` is nested deeper than {DEPTH_MAX} levels")
    try:
        moment = event_time(event)
    except ValueError as error:
        raise ValueError(f"`time` is not an RFC 3339 moment: {error}") from None
    if moment > now + FUTURE_MAX:
        raise ValueError(
            f"from the future: {event.time}, and now is {now.isoformat()}; check that system's clock"
        )


def _line(path: Path, number: int, end: int, record: bytes, reason: str, now: datetime) -> Line:
    if not reason:
        try:
            return Line(end=end, number=number, event=read_event(record, now))
        except ValueError as error:
            reason = str(error)
    rejected = Rejected(file=str(path), line=number, reason=reason, record=record)
    return Line(end=end, number=number, rejected=rejected)


_DECODER = msgspec.json.Decoder(Event)
