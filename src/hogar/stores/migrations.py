"""Is the ledger's schema today's? Builds it fresh, or applies the migrations that are missing.

Reads `PRAGMA user_version`; writes the schema inside one transaction, so two processes may open at once.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator

from hogar.stores.queries import migrations, schema

_ATTEMPTS_MAX = 50


def migrate(connection: sqlite3.Connection, *, fresh: bool = True) -> int:
    """Bring the schema to today's version, durable; the version. `fresh=False` walks through every migration.

    A ledger of a newer release raises `sqlite3.DatabaseError`: it is not ours to change.
    """
    _settings(connection)
    steps = migrations()
    if _version(connection) == len(steps):
        return len(steps)
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        if version > len(steps):
            raise sqlite3.DatabaseError(
                f"its schema has version {version}, this release knows {len(steps)}: use the newer release"
            )
        for text in [schema()] if fresh and version == 0 else steps[version:]:
            for statement in _statements(text):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return len(steps)


def _settings(connection: sqlite3.Connection) -> None:
    """2 KB rows waste half of a 4 KB page, hence 8 KB; WAL lets readers go on; FULL syncs every commit."""
    connection.execute("PRAGMA busy_timeout = 30000")
    connection.execute("PRAGMA page_size = 8192")
    for attempt in range(_ATTEMPTS_MAX):  # the switch to WAL does not wait for the busy timeout
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            if attempt == _ATTEMPTS_MAX - 1:
                raise
            time.sleep(0.02)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(text: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit before it begins."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
