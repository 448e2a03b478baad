"""Which day is it where the customers are? From the moment and the local weekday: no other fact is needed.

Seasons, timed levers and the calendar hang on it. Before: `asked`, `inputs`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

_EPOCH = date(1970, 1, 1)


def local_day(now: datetime, weekday: int) -> date:
    """The local day of a moment whose local weekday is known (0 is Monday): that day, the one before or after.

    >>> local_day(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), 0).isoformat()  # half past midnight in Madrid
    '2026-03-02'
    """
    today = now.astimezone(UTC).date()
    days = (today + timedelta(days=shift) for shift in (0, 1, -1))
    return next((day for day in days if day.weekday() == weekday), today)


def day_number(day: date) -> int:
    """A day as conditions have it: days since 1970-01-01."""
    return (day - _EPOCH).days
