"""What happened before the events came to us? The silos' own events, for the windows that live counters look back on.

Reads the canonical table `event` behind the consent gate; gives rows as `runtime.live_state.refresh` keeps them, each
with what was allowed when it happened. What came over the bus too has the same source and id, and is kept once.
Before: ingest. After: `publish` makes it live.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from hogar.runtime.live_state import PAGE, Row, horizon
from hogar.stores import warehouse
from hogar.stores.moment import to_moment
from hogar.stores.profiles import Profiles

_SQL = Path(__file__).parent / "sql" / "live_seeds.sql"


def live_seeds(ingested: Path, profiles: Profiles, now: datetime) -> Iterator[Row]:
    """The events of the finished step `ingest` that the profiles' counters may look back on."""
    types = sorted({counter.event for counter in profiles.schema.live})
    if not types:
        return
    since = to_moment(horizon(profiles, now)).replace(tzinfo=None)
    with warehouse.connect() as con:
        warehouse.canonical(con, ingested, gated=True)
        con.execute(warehouse.read_sql(_SQL), {"types": types, "since": since})
        while rows := con.fetchmany(PAGE):
            for source, id_, type_, micros, subject, data, allowed in rows:
                yield source, id_, type_, micros, subject, _said(data), allowed


def _said(data: str | None) -> dict[str, Any]:
    """What is said of an event; nothing where the silo wrote something else than one object."""
    try:
        return _DECODER.decode(data or "{}")
    except msgspec.MsgspecError:
        return {}


_DECODER = msgspec.json.Decoder(dict[str, Any])
