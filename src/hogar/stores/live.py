"""What do live counters keep of events? Entries by line and party, once an event, until no window holds them.

Reads and writes the tables `live_entry`, `live_filled` and `live_seeded` of the ledger. `events.append` adds entries
in the transaction that takes the event. What is kept hangs on lines and parties, so persons may merge and split.
After: `runtime.live` folds.
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
    """One entry to keep: of which line or party, for which counter (its key), until when (µs), and whose it is.

    `party` is one of the person's who did it: for a line of who used it when the event was taken.
    """

    subject: str
    counter: str
    entry: Entry
    expires_at: int
    party: str


def add(connection: sqlite3.Connection, keeping: Iterable[Keeping]) -> None:
    """Keep these entries, each once; the caller holds the transaction."""
    connection.executemany(
        _SQL["live_add"],
        (
            (one.subject, one.counter, one.entry.source, one.entry.id, one.entry.at, one.entry.value,
             one.expires_at, one.party)
            for one in keeping
        ),
    )  # fmt: skip


def entries(
    ledger: Ledger, subjects: Sequence[str], after: int
) -> dict[tuple[str, str], list[tuple[str, Entry]]]:
    """What is kept of these lines and parties after a moment, by subject and counter key, each with its party."""
    found: dict[tuple[str, str], list[tuple[str, Entry]]] = {}
    rows = ledger.connection.execute(_SQL["live_entries"], (json.dumps(subjects), after))
    for subject, counter, party, at, source, event_id, value in rows:
        found.setdefault((subject, counter), []).append((party, Entry(at, source, event_id, value)))
    return found


def purge(connection: sqlite3.Connection, now: int, limit: int) -> int:
    """Remove what no window holds any more, at most so many entries; how many they were."""
    return connection.execute(_SQL["live_purge"], (now, limit)).rowcount


def subjects(ledger: Ledger, after: tuple[str, str, str], limit: int) -> list[tuple[str, str, str]]:
    """The next (subject, counter key, party) of which something is kept, in their order."""
    return list(ledger.connection.execute(_SQL["live_subjects"], (*after, limit)))


def forget(connection: sqlite3.Connection, whose: Iterable[tuple[str, str, str]]) -> None:
    """Remove what is kept under these (subject, counter key, party); the caller holds the transaction."""
    connection.executemany(_SQL["live_forget"], whose)


def count(ledger: Ledger) -> int:
    """How many entries are kept."""
    return int(ledger.connection.execute(_SQL["live_count"]).fetchone()[0])


def filled(ledger: Ledger) -> str | None:
    """The profile version by whose people and counters what is kept was looked through; None for none."""
    row = ledger.connection.execute(_SQL["live_filled"]).fetchone()
    return None if row is None else str(row[0])


def fill(connection: sqlite3.Connection, profile: str | None, at: int) -> None:
    """By this profile version the entries were looked through; by none while they are."""
    if profile is None:
        connection.execute(_SQL["live_unfill"])
    else:
        connection.execute(_SQL["live_fill"], (profile, at))


def seeded(ledger: Ledger) -> int | None:
    """The moment (µs) up to which the silos' events were taken; None where none ever were."""
    row = ledger.connection.execute(_SQL["live_seeded"]).fetchone()
    return None if row is None else int(row[0])


def seed(connection: sqlite3.Connection, at: int) -> None:
    """The silos' events were taken up to this moment; the caller holds the transaction."""
    connection.execute(_SQL["live_seed"], (at,))
