"""Is what was decided still allowed, now that we write it? Decision, contacts and messages together.

Reads drafts and what their gather saw; writes all of a draft or nothing. After: `outbox` delivers.
The order inside the transaction, and why:
1. was it committed before (decision id, or the event's effect)? then nothing: an answer is given once;
2. are the pointers (strategy, profile, emergency stop) those that gather saw? else the decision is stale;
3. are the household's contacts those that gather saw? else a cap may be spent by somebody else;
4. is there room for its contacts in every capacity that they take from? else the house would carry too much;
5. decision, then contacts, then messages (each refers to the one before), then the event's effect.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from hogar.stores.ledger import DecisionRow, Ledger
from hogar.stores.limits import Spend, left
from hogar.stores.queries import queries

ROWS_MAX = 64
"""Drafts per transaction: an inbound request never waits for more."""

Outcome = Literal["made", "repeated", "conflict"]

_SQL = queries("ledger")
_OUTBOX = queries("outbox")
_EVENTS = queries("events")


class ContactDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One contact or impression to reserve. `id` is unique: decision id and position of the proposal."""

    id: str
    party_id: str
    person_id: str
    channel: str
    kind: Literal["contact", "impression"]
    message_class: str
    action: str


class MessageDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One message to deliver. `id` is the idempotency key: decision id, channel, attempt. Moments in µs."""

    id: str
    contact: str
    channel: str
    party_id: str
    person_id: str
    payload: bytes
    not_before: int
    expires_at: int


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What gather saw: pointers, and of these parties since a moment how many contacts and the last one."""

    pointers: Mapping[str, str]
    parties: tuple[str, ...]
    since: int
    contacts: int
    last: int


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """The event that this commit is the effect of, on one consumer: it happens once."""

    source: str
    event_id: str
    consumer: str
    outcome: str = "decided"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one decision writes. `seen` None: a plan, which reserves nothing and needs no test.

    `spends` are the limits over all customers that its contacts take from.
    """

    decision: DecisionRow
    contacts: tuple[ContactDraft, ...] = ()
    messages: tuple[MessageDraft, ...] = ()
    seen: Seen | None = None
    spends: tuple[Spend, ...] = ()
    effect: Effect | None = None


def commit(ledger: Ledger, drafts: Sequence[Draft]) -> tuple[Outcome, ...]:
    """Write what still holds, in one durable transaction; what became of each draft.

    `made`: written. `repeated`: was there before, nothing changed. `conflict`: the world has moved since
    gather; nothing of this draft was written: gather and decide again.
    """
    assert len(drafts) <= ROWS_MAX, f"{len(drafts)} drafts in one transaction, {ROWS_MAX} at most"
    with ledger.transaction() as connection:
        return tuple(_commit_one(ledger, connection, draft) for draft in drafts)


def record_effect(ledger: Ledger, effect: Effect, at: int) -> None:
    """An event had no decision as its effect (expired, unknown subject): keep that, once."""
    with ledger.transaction() as connection:
        _add_effect(connection, effect, at, None)


def _commit_one(ledger: Ledger, connection: sqlite3.Connection, draft: Draft) -> Outcome:
    row = draft.decision
    if connection.execute(_SQL["decision_exists"], (row.id,)).fetchone() is not None:
        return "repeated"
    effect = draft.effect
    if effect is not None:
        key = (effect.source, effect.event_id, effect.consumer)
        if connection.execute(_EVENTS["effect"], key).fetchone() is not None:
            return "repeated"
    if draft.seen is not None and not _still_so(connection, draft.seen):
        return "conflict"
    if any(left(ledger, each.limit, each.contacts) < each.contacts for each in draft.spends):
        return "conflict"
    connection.execute(_SQL["decision_add"], msgspec.structs.astuple(row.checked()))
    state = "made" if row.mode == "inbound" else "reserved"
    for contact in draft.contacts:
        connection.execute(
            _SQL["contact_add"],
            (
                contact.id,
                row.id,
                contact.party_id,
                contact.person_id,
                row.household_id,
                contact.channel,
                contact.kind,
                contact.message_class,
                contact.action,
                row.at,
                state,
            ),
        )
    for message in draft.messages:
        connection.execute(
            _OUTBOX["outbox_add"],
            (
                message.id,
                row.id,
                message.contact,
                message.channel,
                message.party_id,
                message.person_id,
                message.payload,
                message.not_before,
                message.expires_at,
                row.at,
            ),
        )
    if effect is not None:
        _add_effect(connection, effect, row.at, row.id)
    return "made"


def _still_so(connection: sqlite3.Connection, seen: Seen) -> bool:
    if dict(connection.execute(_SQL["pointers"])) != seen.pointers:
        return False
    now = connection.execute(_SQL["contacts_seen"], (json.dumps(seen.parties), seen.since)).fetchone()
    return bool(now == (seen.contacts, seen.last))


def _add_effect(connection: sqlite3.Connection, effect: Effect, at: int, decision_id: str | None) -> None:
    connection.execute(
        _EVENTS["effect_add"],
        (effect.source, effect.event_id, effect.consumer, at, effect.outcome, decision_id),
    )
