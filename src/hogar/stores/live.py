"""What do live counters keep of events? Entries by line and party, once an event, until no window holds them.

Reads and writes the tables `live_entry` and `live_filled` of the ledger. `events.append` adds entries in the
transaction that takes the event. What is kept hangs on lines and parties, so persons may merge and split. After:
`runtime.live` folds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from hogar.stores.ledger import Ledger
from hogar.stores.queries import queries
from hogar.telco.live import Entry

_SQL = queries("live")


class Keeping(msgspec.Struct, frozen=True, array_like=True):
    """One entry to keep: of which line or party, for which counter (its key), until when (µs)."""

    subject: str
    counter: str
    entry: Entry
    expires_at: int


def add(connection: sqlite3.Connection, keeping: Iterable[Keeping]) -> None:
    """Keep these entries, each once; the caller holds the transaction."""
    connection.executemany(
        _SQL["live_add"],
        (
            (one.subject, one.counter, one.entry.source, one.entry.id, one.entry.at, one.entry.value, one.expires_at)
            for one in keeping
        ),
    )  # fmt: skip


def entries(ledger: Ledger, subjects: Sequence[str], after: int) -> dict[tuple[str, str], list[Entry]]:
    """What is kept of the events of these lines and parties after a moment, by subject and counter key."""
    found: dict[tuple[str, str], list[Entry]] = {}
    rows = ledger.connection.execute(_SQL["live_entries"], (json.dumps(subjects), after))
    for subject, counter, at, source, event_id, value in rows:
        found.setdefault((subject, counter), []).append(Entry(at, source, event_id, value))
    return found


def purge(connection: sqlite3.Connection, now: int, limit: int) -> int:
    """Remove what no window holds any more, at most so many entries; how many they were."""
    return connection.execute(_SQL["live_purge"], (now, limit)).rowcount


def subjects(ledger: Ledger, after: tuple[str, str], limit: int) -> list[tuple[str, str]]:
    """The next (subject, counter key) pairs of which something is kept, in their order."""
    return list(ledger.connection.execute(_SQL["live_subjects"], (*after, limit)))


def forget(connection: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Remove what these counters keep of these lines and parties; the caller holds the transaction."""
    connection.executemany(_SQL["live_forget"], pairs)


def count(ledger: Ledger) -> int:
    """How many entries are kept."""
    return int(ledger.connection.execute(_SQL["live_count"]).fetchone()[0])


def filled(ledger: Ledger) -> str | None:
    """The profile version for whose counters everything that the log has is kept; None for none."""
    row = ledger.connection.execute(_SQL["live_filled"]).fetchone()
    return None if row is None else str(row[0])


def fill(connection: sqlite3.Connection, profile: str | None, at: int) -> None:
    """For this profile version the entries are complete from now on; for none while they are made."""
    if profile is None:
        connection.execute(_SQL["live_unfill"])
    else:
        connection.execute(_SQL["live_fill"], (profile, at))
