"""Which months and days does the market cover? Twelve whole months before the extract, and days back from it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

MONTHS = 12


def months_before(now: datetime) -> list[date]:
    """The first days of the last twelve whole months, oldest first."""
    months = now.year * 12 + now.month - 1
    return [date((months - back) // 12, (months - back) % 12 + 1, 1) for back in range(MONTHS, 0, -1)]


def month_end(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def moment(rng: np.random.Generator, day: date) -> str:
    """Some moment of a day between 08:00 and 22:59, as ISO 8601 in UTC without a zone."""
    minute = 8 * 60 + int(rng.random() * 900)
    return f"{day.isoformat()} {minute // 60:02d}:{minute % 60:02d}:{int(rng.random() * 60):02d}"
