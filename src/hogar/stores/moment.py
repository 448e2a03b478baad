"""How is a moment kept? As whole microseconds since 1970-01-01 UTC, so that rolling windows are exact.

Reads and returns values only. Neighbours: the ledger and the event log store these numbers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

DAY_MICROS = 86_400_000_000


def to_micros(moment: datetime) -> int:
    """An aware moment as microseconds since 1970-01-01 UTC. A naive one is our own mistake.

    >>> to_micros(datetime(1970, 1, 2, tzinfo=UTC)) == DAY_MICROS
    True
    """
    assert moment.tzinfo is not None, "moments are aware"
    return (moment - _EPOCH) // _MICROSECOND


def to_moment(micros: int) -> datetime:
    """The aware UTC moment that `to_micros` came from.

    >>> to_moment(DAY_MICROS).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=micros)
