"""Who changed what, when and why? The ledger's audit as people and machines read it; nothing is taken out of it."""

from __future__ import annotations

import re

import msgspec

from hogar.runtime.engine import Engine, Stop
from hogar.runtime.strategies.stopping import words as stop_words
from hogar.stores.moment import to_moment

HASH_SHOWN = 12


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One change: `by` is the stated name and the account, `what` the deed, `subject` what it was done to.

    `at` is what the project called now, `clock` what the machine's clock said (None where that was not kept yet).
    """

    at: str
    clock: str | None
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
            Entry(
                at=to_moment(at).isoformat(), clock=None if clock is None else to_moment(clock).isoformat(), by=by,
                what=what, subject=subject, detail=detail,
            )
            for at, by, what, subject, detail, clock in engine.ledger.audit(limit)
        )
    )  # fmt: skip


def for_people(text: str) -> str:
    """A subject or a detail as people read it: hashes cut, a stop in words.

    >>> for_people("strategy 240e8a3b51c9d7f0 -> 1c6ca1d8e7dd0542; winter")
    'strategy 240e8a3b51c9 -> 1c6ca1d8e7dd; winter'
    >>> for_people('stop nothing -> {"all":false,"channels":["sms"],"actions":[]}')
    'stop nothing -> channel sms'
    """
    return _STOP.sub(_stop_words, _HASH.sub(lambda found: found[0][:HASH_SHOWN], text))


def _stop_words(found: re.Match[str]) -> str:
    try:
        return stop_words(msgspec.json.decode(found[0], type=Stop)) or "nothing"
    except msgspec.MsgspecError:  # somebody's own words
        return found[0]


_HASH = re.compile(r"\b[0-9a-f]{13,64}\b")
_STOP = re.compile(r"\{[^{}]*\}")
