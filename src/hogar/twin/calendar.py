"""Which months and days does the market cover? Twelve whole months before the extract, and days back from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Days
from hogar.twin.chance import pick

MONTHS = 12
HOURS = (
    2,
    1,
    0,
    0,
    0,
    1,
    3,
    8,
    18,
    32,
    40,
    42,
    38,
    30,
    26,
    28,
    34,
    42,
    46,
    42,
    32,
    22,
    13,
    6,
)  # of a day: assumed


def today(now: datetime) -> np.datetime64:
    """The day of the extract."""
    return np.datetime64(now.date(), "D")


def months_before(now: datetime) -> Days:
    """The first days of the last twelve whole months, oldest first."""
    months = now.year * 12 + now.month - 1
    return np.array(
        [date((months - back) // 12, (months - back) % 12 + 1, 1) for back in range(MONTHS, 0, -1)],
        dtype="datetime64[D]",
    )


def month_end(month: Any) -> Any:
    """The last day of a month, for one first day or an array of them."""
    return (np.asarray(month).astype("datetime64[M]") + 1).astype("datetime64[D]") - 1


def last_month(now: datetime) -> Days:
    """The days of the last whole month: the month of which single records (xdr) are kept."""
    first = months_before(now)[-1]
    return np.arange(first, month_end(first) + 1)


def moments(rng: np.random.Generator, days: NDArray[Any]) -> NDArray[Any]:
    """Some moment of each day as people are about, UTC, as datetime64[s]: most around noon and early evening."""
    hour = pick(rng, HOURS, len(days))
    seconds = hour * 3600 + (rng.random(len(days)) * 3600).astype(np.int64)
    return np.asarray(np.asarray(days).astype("datetime64[s]") + seconds.astype("timedelta64[s]"))
