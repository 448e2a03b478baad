"""What is counted while it happens? A live counter: events of one type, folded over a window that moves.

`features` reads counters from the project and gives them their two meanings, in SQL and from events; a published
profile version carries those that it was made with, so that all modes fold the same.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

import msgspec

from hogar.telco.catalogue import Entity, FeatureType

Fold = Literal["count", "sum", "last", "max", "distinct"]
Consent = Literal["", "traffic", "location"]

CONSENT_BITS = {"traffic": 1, "location": 2}
FOLDS: tuple[Fold, ...] = ("count", "sum", "last", "max", "distinct")
CONSENTS: tuple[Consent, ...] = ("", "traffic", "location")
HOUR_MICROS = 3_600_000_000
LATE_HOURS_MAX = 48
"""How long after its window an event is kept for who asks about a moment that is past."""


Value = float | str
"""What of an event is kept: the field's value (yes and no as 1 and 0), or 1 where events are counted."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One event that a counter keeps: `source` and `id` tell events apart, `at` is when it happened (µs)."""

    at: int
    source: str
    id: str
    value: Value


class Counter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One counter: which events (`event`, `when` over their `fields`), which fold of which field (`of`), how long.

    `type` is that of the value. `consent` is what a line's holder and users must have allowed for its events to be
    looked at. `one_of` are the texts that a text may be: another one is unknown. `default` stands for no value.
    """

    entity: Entity
    name: str
    event: str
    fold: Fold
    hours: int
    type: FeatureType
    of: str = ""
    when: str = ""
    fields: tuple[tuple[str, FeatureType], ...] = ()
    consent: Consent = ""
    one_of: tuple[str, ...] = ()
    default: float | str | bool | None = None

    @property
    def full_name(self) -> str:
        """How expressions write it: `person.device_views_24h`."""
        return f"{self.entity}.{self.name}"

    @property
    def key(self) -> str:
        """Its name and a digest of what decides which events it keeps, and how long: a changed counter begins anew."""
        kept = (self.event, self.of, self.when, self.fields, self.consent, self.one_of, self.hours)
        return f"{self.full_name}:{blake2b(msgspec.json.encode(kept), digest_size=6).hexdigest()}"

    @property
    def window(self) -> int:
        """How long it looks back, in microseconds."""
        return self.hours * HOUR_MICROS
