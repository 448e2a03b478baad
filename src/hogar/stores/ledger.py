"""What was decided, said, answered and published? SQLite: durable facts, never rebuilt.

Reads and writes `ledger.db` (WAL, `synchronous=FULL`). A `Ledger` is one connection: use one per thread, and
any number of processes. Neighbours: `commit` (decision, contacts and outbox together), `outbox`, `events`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from hogar.errors import HogarError
from hogar.stores.migrations import migrate
from hogar.stores.queries import queries

_SQL = queries("ledger")
_Row = TypeVar("_Row")


class LedgerError(HogarError):
    """The ledger cannot be used."""


class ContactRow(msgspec.Struct, frozen=True, array_like=True):
    """One thing said to a party: `seq` is its place in the ledger, `at` microseconds since 1970 UTC."""

    seq: int
    party_id: str
    channel: str
    kind: str
    message_class: str
    action: str
    at: int


class ImportedContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact that another system made: `id` is that system's, `at` microseconds since 1970 UTC."""

    id: str
    party_id: str
    channel: str
    message_class: str
    at: int
    campaign: str = ""


class DecisionRow(msgspec.Struct, frozen=True, array_like=True):
    """One recorded decision: what it was decided from (`situation`), and the decision itself, both bytes.

    `checksum` was taken over them as they were committed; None of decisions that an earlier release recorded.
    """

    id: str
    household_id: str
    mode: str
    at: int
    strategy: str
    profile: str
    membership: str
    models: str
    situation: bytes
    decision: bytes
    proposals: int
    campaign_run: str | None
    state: str
    checksum: bytes | None = None

    def checked(self) -> DecisionRow:
        """The row with the checksum of what it holds now."""
        whole = hashlib.blake2b(self.id.encode(), digest_size=8)
        whole.update(len(self.situation).to_bytes(8, "big") + self.situation + self.decision)
        return msgspec.structs.replace(self, checksum=whole.digest())


class Wanted(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Which decisions: of a mode, of a campaign's run, since a moment (µs), the newest `limit` of them; None is all."""

    mode: str | None = None
    campaign_run: str | None = None
    since: int | None = None
    limit: int = -1


class StrategyRow(msgspec.Struct, frozen=True, array_like=True):
    """One published strategy: texts and catalogue as bytes, from which it is compiled again."""

    hash: str
    published_at: int
    by: str
    why: str
    texts: bytes
    catalogue: bytes


class ResponseRow(msgspec.Struct, frozen=True, array_like=True):
    """One answer: `proposal` is its position; outcome accepted, declined, later or not_mine."""

    id: str
    decision_id: str
    proposal: int
    outcome: str
    at: int
    by: str

    def is_same(self, other: ResponseRow) -> bool:
        """Whether both say the same about the same proposal, whoever passed it on and when."""
        return (self.decision_id, self.proposal, self.outcome) == (
            other.decision_id, other.proposal, other.outcome,
        )  # fmt: skip


class Ledger:
    """One connection to the ledger; open it with `Ledger.open`, close it or use it as a context."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self.counted: dict[Any, Any] = {}  # what `limits` remembers between two looks

    @staticmethod
    def open(path: Path) -> Ledger:
        """The ledger in this file, made or migrated if need be. `LedgerError` where that is not possible."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                path, timeout=30.0, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            migrate(connection)
        except (OSError, sqlite3.DatabaseError) as error:
            raise LedgerError(f"{path}: the ledger cannot be opened: {error}") from error
        return Ledger(path, connection)

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction that takes its lock at once; all or nothing, durable when it returns."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            self.counted.clear()
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    # What is live.

    def pointers(self) -> dict[str, str]:
        """The live strategy hash, profile version and emergency stop, as far as they were ever set."""
        return dict(self.connection.execute(_SQL["pointers"]))

    def point(self, values: Mapping[str, str], *, at: int, by: str, why: str = "") -> None:
        """Switch these pointers together; each keeps its history, and the audit says who and why."""
        with self.transaction() as connection:
            for name, value in values.items():
                connection.execute(_SQL["pointer_set"], (name, value, at, by))
                connection.execute(_SQL["pointer_remember"], (name, value, at, by, None))
                connection.execute(
                    _SQL["audit_add"], (at, by, "pointer", name, f"{value} {why}".strip(), None)
                )

    def pointer_history(self, name: str) -> list[tuple[str, int, str]]:
        """Every value that a pointer had: (value, at, by), oldest first."""
        return list(self.connection.execute(_SQL["pointer_history"], (name,)))

    def publish_strategy(self, strategy: StrategyRow) -> None:
        """Keep a strategy for ever under its hash. It becomes live only when a pointer names it."""
        with self.transaction() as connection:
            connection.execute(_SQL["strategy_add"], msgspec.structs.astuple(strategy))

    def strategy(self, hash_: str) -> StrategyRow | None:
        """The strategy with this hash, or None."""
        return self._one(_SQL["strategy"], (hash_,), StrategyRow)

    def audit(self, limit: int = 100) -> list[tuple[int, str, str, str, str, int | None]]:
        """What was changed: (at, by, what, subject, detail, the clock then), newest first."""
        return list(self.connection.execute(_SQL["audit"], (limit,)))

    # What was said and decided.

    def contacts(self, parties: Sequence[str], since: int) -> list[ContactRow]:
        """What was said to these parties since a moment, in the order of writing."""
        rows = self.connection.execute(_SQL["contacts_of_parties"], (json.dumps(parties), since))
        return [ContactRow(*row) for row in rows]

    def import_contacts(self, origin: str, contacts: Iterable[ImportedContact]) -> int:
        """Take over contacts of another system, each once; the number that was new."""
        before = self.connection.total_changes
        with self.transaction() as connection:
            connection.executemany(
                _SQL["contact_import"],
                (
                    (origin, row.id, row.party_id, row.channel, row.message_class, row.campaign, row.at)
                    for row in contacts
                ),
            )
        return self.connection.total_changes - before

    def decision(self, id_: str) -> DecisionRow | None:
        """The decision with this id, or None."""
        return self._one(_SQL["decision"], (id_,), DecisionRow)

    def decision_ids(self, *, mode: str | None = None, limit: int = 100) -> list[str]:
        """Ids of the newest decisions, of one mode or of all."""
        return [id_ for (id_,) in self.connection.execute(_SQL["decision_ids"], (mode, limit))]

    def decision_span(self, wanted: Wanted) -> tuple[int, int, int]:
        """The first and last place of the decisions that are wanted, and how many they are; zeros where none is."""
        places = self.connection.execute(_SQL["decision_span"], msgspec.structs.astuple(wanted)).fetchone()
        return (places[0] or 0, places[1] or 0, places[2])

    def decisions_between(self, first: int, last: int, wanted: Wanted) -> list[DecisionRow]:
        """The wanted decisions between two places, both included, in the order of writing."""
        arguments = (*msgspec.structs.astuple(wanted), first, last)
        return [DecisionRow(*row) for row in self.connection.execute(_SQL["decisions_between"], arguments)]

    def decisions_of_household(self, household_id: str, limit: int = 20) -> list[str]:
        """Ids of the newest decisions about one household."""
        rows = self.connection.execute(_SQL["decisions_of_household"], (household_id, limit))
        return [id_ for (id_,) in rows]

    def respond(self, response: ResponseRow) -> bool:
        """Keep an answer once; False where the same response id was there before."""
        with self.transaction() as connection:
            done = connection.execute(_SQL["response_add"], msgspec.structs.astuple(response))
        return done.rowcount == 1

    def response(self, id_: str) -> ResponseRow | None:
        """The answer with this id, or None."""
        return self._one(_SQL["response"], (id_,), ResponseRow)

    def responses(self, decision_id: str) -> list[ResponseRow]:
        """The answers to one decision, oldest first."""
        rows = self.connection.execute(_SQL["responses_of_decision"], (decision_id,))
        return [ResponseRow(*row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How much of everything there is: `decision.inbound.made`, `contact.impression.made`, `event`."""
        return {what: n for what, n in self.connection.execute(_SQL["counts"]) if n}

    def _one(self, query: str, arguments: tuple[Any, ...], make: type[_Row]) -> _Row | None:
        row = self.connection.execute(query, arguments).fetchone()
        return None if row is None else make(*row)
