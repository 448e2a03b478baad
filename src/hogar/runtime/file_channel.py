"""How does a message reach another system without any integration? One JSON line in a file a channel and day.

Appends below the outbox folder, `<channel>-<date>.jsonl`, each line with its idempotency key, on the disk when `append`
returns. One writer at a time (the outbox holds a lock): a line torn by a crash is cut off before the next is written.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from hogar.runtime.drafts import Payload


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what is delivered to whom under which idempotency key."""

    idempotency_key: str
    channel: str
    not_before: str
    expires_at: str
    message: Payload


def append(folder: Path, channel: str, day: date, deliveries: Sequence[Delivery]) -> None:
    """Write these lines, durable. What a crash may have left there is looked up before, with `written`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = b"".join(msgspec.json.encode(delivery) + b"\n" for delivery in deliveries)
    handle = os.open(_file(folder, channel, day), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.lseek(handle, _whole(handle), os.SEEK_SET)
        os.truncate(handle, os.lseek(handle, 0, os.SEEK_CUR))
        done = 0
        while done < len(lines):
            done += os.write(handle, lines[done:])
        os.fsync(handle)
    finally:
        os.close(handle)


def written(folder: Path, channel: str, day: date) -> set[str]:
    """The keys of the whole lines of a channel's day, made durable: a crash may precede the sync."""
    path = _file(folder, channel, day)
    if not path.exists():
        return set()
    keys: set[str] = set()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        for line in file:
            if not line.endswith(b"\n"):
                break  # `append` cuts it off
            try:
                keys.add(msgspec.json.decode(line, type=Delivery).idempotency_key)
            except msgspec.DecodeError:
                break  # the torn end
    return keys


def _file(folder: Path, channel: str, day: date) -> Path:
    return folder / f"{channel}-{day.isoformat()}.jsonl"


def _whole(handle: int) -> int:
    """Where the last whole line ends."""
    size = os.fstat(handle).st_size
    end, block = size, 65536
    while end > 0:
        start = max(end - block, 0)
        found = os.pread(handle, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
