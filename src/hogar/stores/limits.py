"""How much may still be said, over all customers? Counts the contacts in a window that slides, and seldom.

A window only loses what it held, and gains what was written since: so what was counted once, and the number of rows
written since, bound what a later window holds. It is counted again only where that bound leaves too little. Contacts
are never taken out of the ledger, so the bound is sure. Used by `commit`, and by whoever wants to know before.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import msgspec

from hogar.stores.ledger import Ledger
from hogar.stores.queries import queries

_SQL = queries("ledger")


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """At most `max` contacts after a moment (µs) through these channels, of these actions (none: of all)."""

    channels: tuple[str, ...]
    actions: tuple[str, ...]
    since: int
    max: int


class Spend(msgspec.Struct, frozen=True, kw_only=True):
    """How many contacts take from a limit together."""

    limit: Limit
    contacts: int


class Counted(NamedTuple):
    """What a window held when it was counted, and the last row that was there."""

    since: int
    last: int
    contacts: int


def left(ledger: Ledger, limit: Limit, enough: int | None = None) -> int:
    """How many more contacts a limit allows; where that is `enough` or more, a smaller number may be said.

    Not below 0. Reads what this connection sees: inside a transaction, also what it has written.
    """
    key = (limit.channels, limit.actions, limit.max)
    last: int = ledger.connection.execute(_SQL["contact_last"]).fetchone()[0]
    known: Counted | None = ledger.counted.get(key)
    if enough is not None and known is not None and known.since <= limit.since:
        sure = limit.max - known.contacts - (last - known.last)
        if sure >= enough:
            return sure
    arguments = (json.dumps(limit.channels), limit.since, json.dumps(limit.actions))
    found: int = ledger.connection.execute(_SQL["contacts_through"], arguments).fetchone()[0]
    ledger.counted[key] = Counted(limit.since, last, found)
    return max(limit.max - found, 0)
