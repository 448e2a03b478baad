"""What happened? An event as CloudEvents 1.0 writes it, with a pseudonymous line or person as subject."""

from __future__ import annotations

from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A CloudEvent. `id` + `source` deduplicate; `subject` is a line or party id, never a raw MSISDN.

    >>> Event(id="1", source="/network/hlr", type="com.acme.roaming.v1.arrived", time="2026-03-01T10:00:00Z",
    ...       subject="crm:L7", data={"country": "US"}).type
    'com.acme.roaming.v1.arrived'
    """

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    time: str
    subject: str
    datacontenttype: str = "application/json"
    partitionkey: str = ""
    data: dict[str, Any] = msgspec.field(default_factory=dict)
