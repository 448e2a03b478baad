"""What happened, in the order in which we heard of it? An append-only log, once per (source, id).

Reads and writes the tables `event`, `reject`, `consumer` of the ledger, so that an event's effect and its
trace commit together, and an event and what live counters keep of it. Neighbours: `commit` (effects), `live`;
`runtime.triggers` consumes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from hogar.errors import HogarError
from hogar.stores import live
from hogar.stores.ledger import Ledger
from hogar.stores.live import Keeping
from hogar.stores.moment import to_micros
from hogar.stores.queries import queries
from hogar.telco.events import Event

_SQL = queries("events")

PURGED_MIN = 64
"""So many old entries of live counters go with a transaction, and two for each that comes with it."""


class LoggedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the log: `seq` is its position; `time` when it happened, `arrived_at` when heard (µs)."""

    seq: int
    source: str
    id: str
    type: str
    time: int
    arrived_at: int
    subject: str
    data: dict[str, Any]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What live counters keep of some events, a list each, under the counters and people of one profile version."""

    profile: str
    keeping: tuple[tuple[Keeping, ...], ...]


class Moved(HogarError):
    """Another profile version became live while events were taken: take them again."""


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """What could not become an event: its place, the reason, the text as it came."""

    file: str
    line: int
    reason: str
    record: bytes


def append(ledger: Ledger, events: Sequence[Event], arrived_at: int, taken: Taken | None = None) -> int:
    """Add these events, durable; the number that was new. Times were checked before (`event_time`).

    What live counters keep of the new ones (`taken`) is added in the same transaction, and some of what no window holds
    any more goes. Raises Moved, nothing written, where another profile version is live than it was taken under.
    """
    new = kept = 0
    with ledger.transaction() as connection:
        if taken is not None and ledger.pointers().get("profile", "") != taken.profile:
            raise Moved
        for number, event in enumerate(events):
            row = (
                event.source, event.id, event.type, to_micros(event_time(event)), arrived_at,
                event.subject, msgspec.json.encode(event.data),
            )  # fmt: skip
            if connection.execute(_SQL["event_add"], row).rowcount:
                new += 1
                if taken is not None and taken.keeping[number]:
                    live.add(connection, taken.keeping[number])
                    kept += len(taken.keeping[number])
        if taken is not None:
            live.purge(connection, arrived_at, PURGED_MIN + 2 * kept)
    return new


def known(ledger: Ledger, ids: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these events, as (source, id), that the log has."""
    return {(row[0], row[1]) for row in ledger.connection.execute(_SQL["events_known"], (json.dumps(ids),))}


def reject(ledger: Ledger, rejected: Sequence[Rejected], arrived_at: int) -> None:
    """Keep what could not become an event; the same line of the same file is kept once."""
    with ledger.transaction() as connection:
        connection.executemany(
            _SQL["reject_add"],
            [(row.file, row.line, row.reason, row.record, arrived_at) for row in rejected],
        )


def rejects(ledger: Ledger, limit: int = 100) -> list[Rejected]:
    """The newest rejects."""
    rows = ledger.connection.execute(_SQL["rejects"], (limit,))
    return [Rejected(file=row[0], line=row[1], reason=row[2], record=row[3]) for row in rows]


def after(ledger: Ledger, seq: int, limit: int) -> list[LoggedEvent]:
    """The next events behind a position."""
    return [
        LoggedEvent(
            seq=row[0], source=row[1], id=row[2], type=row[3], time=row[4], arrived_at=row[5],
            subject=row[6], data=msgspec.json.decode(row[7], type=dict[str, Any]),
        )
        for row in ledger.connection.execute(_SQL["events_after"], (seq, limit))
    ]  # fmt: skip


def last(ledger: Ledger) -> int:
    """The newest position of the log, 0 for an empty one."""
    return int(ledger.connection.execute(_SQL["events_last"]).fetchone()[0])


def position(ledger: Ledger, consumer: str) -> int:
    """How far a consumer has dealt with the log."""
    row = ledger.connection.execute(_SQL["consumer"], (consumer,)).fetchone()
    return 0 if row is None else int(row[0])


def move(ledger: Ledger, consumer: str, seq: int) -> None:
    """A consumer has dealt with everything up to this position; it never goes back."""
    with ledger.transaction() as connection:
        connection.execute(_SQL["consumer_move"], (consumer, seq))


def effect(ledger: Ledger, source: str, event_id: str, consumer: str) -> tuple[str, str | None] | None:
    """Which effect an event had on a consumer: (outcome, decision id), or None for none yet."""
    row = ledger.connection.execute(_SQL["effect"], (source, event_id, consumer)).fetchone()
    return None if row is None else (row[0], row[1])


def event_time(event: Event) -> datetime:
    """When an event happened, aware. `ValueError` for a text that is no RFC 3339 moment with its offset."""
    moment = datetime.fromisoformat(event.time)
    if moment.tzinfo is None:
        raise ValueError(f"`{event.time}` has no offset from UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"`{event.time}` lies outside the years 1 to 9999 in UTC") from None
