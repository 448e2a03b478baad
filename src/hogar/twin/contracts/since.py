"""Since when does each silo know somebody? By the lines in his name there; each silo has a day of its own.

Reads lines; returns days by person. Before: the silos that write first days, and what cannot be older than they.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Days, Flags
from hogar.twin.calendar import today
from hogar.twin.chance import between
from hogar.twin.contracts.lines import PREPAID, Lines
from hogar.twin.parameters import Params


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """First days by person: as a customer, entered a second time, registered for prepaid, trading."""

    crm: Days
    duplicate: Days
    prepaid: Days
    business: Days


def since_when(lines: Lines, persons: int, params: Params, rng: np.random.Generator) -> Since:
    """The first line of one's own in each silo; some day of the last years for who holds none there."""
    now = today(params.now)
    crm = _first(lines, (lines.kind != PREPAID) & ~lines.by_business, persons, now, rng)
    later = (rng.random(persons) * (now - crm).astype(np.int64)).astype("timedelta64[D]")
    return Since(
        crm=crm,
        duplicate=crm + later,
        prepaid=_first(lines, lines.kind == PREPAID, persons, now, rng),
        business=_first(lines, lines.by_business, persons, now, rng),
    )


def _first(lines: Lines, mine: Flags, persons: int, now: np.datetime64, rng: np.random.Generator) -> Days:
    own, never = mine & (lines.company < 0), np.iinfo(np.int64).max
    first = np.full(persons, never)
    np.minimum.at(first, lines.holder[own], lines.started[own].astype(np.int64))
    some_day = now - between(rng, 30, 930, persons).astype("timedelta64[D]")
    return np.where(first < never, first.astype("datetime64[D]"), some_day)
