"""Which messages wait, and what became of them? The outbox table; the state machine of one message.

planned → submitted → delivered | failed | expired. A crash between submission and its result leaves
`submitted`: it is tried again under the same idempotency key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from hogar.stores.ledger import Ledger
from hogar.stores.queries import queries

_SQL = queries("outbox")
_LEDGER = queries("ledger")

Settled = Literal["delivered", "expired", "failed"]


class Message(msgspec.Struct, frozen=True, array_like=True):
    """One waiting message: `id` is its idempotency key, `contact` the reservation; moments in µs."""

    id: str
    decision_id: str
    contact: str
    channel: str
    party_id: str
    person_id: str
    payload: bytes
    not_before: int
    expires_at: int
    state: str
    attempts: int


class MessageState(msgspec.Struct, frozen=True, array_like=True):
    """What became of one message of a decision."""

    id: str
    channel: str
    person_id: str
    state: str
    attempts: int
    reason: str
    changed_at: int


def due(ledger: Ledger, now: int, limit: int) -> list[Message]:
    """The messages whose time has come, oldest first."""
    return [Message(*row) for row in ledger.connection.execute(_SQL["outbox_due"], (now, limit))]


def submit(ledger: Ledger, ids: list[str], now: int, pointers: Mapping[str, str]) -> bool:
    """These messages go to their channel now; durable before the channel is called.

    False, and nothing is submitted, where the pointers (an emergency stop among them) have moved since the last gate.
    """
    with ledger.transaction() as connection:
        if dict(connection.execute(_LEDGER["pointers"])) != pointers:
            return False
        connection.executemany(_SQL["outbox_submit"], [(now, id_) for id_ in ids])
    return True


def settle(ledger: Ledger, results: list[tuple[Message, Settled, str]], now: int) -> None:
    """What became of these messages, each with a reason; what was not said gives its reservation back."""
    with ledger.transaction() as connection:
        for message, state, reason in results:
            settled = connection.execute(_SQL["outbox_settle"], (state, reason, now, message.id))
            if settled.rowcount:  # else somebody else settled it before
                kept = "made" if state == "delivered" else "released"
                connection.execute(_LEDGER["contact_state"], (kept, message.contact))


def postpone(ledger: Ledger, messages: list[tuple[Message, int, str]], now: int) -> None:
    """These messages wait until a moment (µs), for a reason; their reservation stays."""
    with ledger.transaction() as connection:
        connection.executemany(
            _SQL["outbox_postpone"],
            [(until, reason, now, message.id) for message, until, reason in messages],
        )


def count_later(ledger: Ledger, now: int) -> int:
    """How many messages wait for a moment that lies ahead."""
    return int(ledger.connection.execute(_SQL["outbox_later"], (now,)).fetchone()[0])


def next_due(ledger: Ledger) -> int | None:
    """When the next waiting message is due (µs), None where none waits."""
    row = ledger.connection.execute(_SQL["outbox_next"]).fetchone()
    return None if row[0] is None else int(row[0])


def of_decision(ledger: Ledger, decision_id: str) -> list[MessageState]:
    """The messages of one decision and what became of them."""
    rows = ledger.connection.execute(_SQL["outbox_of_decision"], (decision_id,))
    return [MessageState(*row) for row in rows]
