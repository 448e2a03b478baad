"""Who changed what, when and why? The ledger's audit as people and machines read it; nothing is taken out of it."""

from __future__ import annotations

import msgspec

from hogar.runtime.engine import Engine
from hogar.stores.moment import to_moment


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One change: `by` is the stated name and the account, `what` the deed, `subject` what it was done to."""

    at: str
    by: str
    what: str
    subject: str
    detail: str


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """Changes, the newest first."""

    entries: tuple[Entry, ...]


def audit(engine: Engine, limit: int = 100) -> Audit:
    """The newest changes."""
    return Audit(
        entries=tuple(
            Entry(at=to_moment(at).isoformat(), by=by, what=what, subject=subject, detail=detail)
            for at, by, what, subject, detail in engine.ledger.audit(limit)
        )
    )
