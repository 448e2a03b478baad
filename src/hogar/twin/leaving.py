"""Who leaves, and when? Month by month over the last year, for reasons that were visible at the time, and others.

Reads lines, use, tickets; sets `ended` and `reason` of lines that left. After: use, care; before: all that
only living lines do.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hogar.twin.calendar import months_before
from hogar.twin.care import Ticket, complained_before
from hogar.twin.lines import Line
from hogar.twin.parameters import Params
from hogar.twin.use import Use


def leave(
    lines: list[Line], use: Use, tickets: list[Ticket], params: Params, rng: np.random.Generator
) -> None:
    """Ends lines. A month's chance of leaving depends only on what happened before that month."""
    months, leaving = months_before(params.now), params.leaving
    count = len(lines)
    complained = complained_before(tickets, count, months)
    started, until, since = _days(lines)
    prepaid = np.array([line.kind == "mobile_prepaid" for line in lines])
    home = np.array([line.home for line in lines])
    stays = np.array([bool(line.segment) for line in lines])
    unseen = rng.normal(size=count) * leaving.unseen
    fixed = np.array(["mobile" not in line.kind for line in lines])
    gone = np.zeros(count, dtype=bool)
    draws, days = rng.random((len(months), count)), rng.integers(0, 27, (len(months), count))
    ported = rng.random(count) < 0.6
    for place, month in enumerate(months):
        day = np.datetime64(month)
        alive = ~gone & (started < day)
        siblings = np.bincount(home[alive], minlength=int(home.max()) + 1)
        overage = use.overage_cents[:, max(0, place - 3) : place].mean(axis=1) if place else np.zeros(count)
        bound = (until >= day) & (since <= day)
        over = ~np.isnat(until) & (until < day)
        logit = (
            leaving.base
            + leaving.overage * np.minimum(overage / 500, 2)
            + leaving.complaint * complained[:, place]
            + leaving.commitment_over * over
            + leaving.in_commitment * bound
            + leaving.first_year * ((day - started).astype(int) < 365)
            + leaving.fading * (use.fades_from < place)
            + leaving.alone * (siblings[home] == 1)
            + leaving.prepaid * prepaid
            - 0.6 * fixed
            + unseen
        )
        leaves = alive & ~stays & (draws[place] < 1 / (1 + np.exp(-logit)))
        for number in np.flatnonzero(leaves):
            line = lines[number]
            line.ended = month + timedelta(days=int(days[place, number]))
            line.reason = "silent" if prepaid[number] else "port_out" if ported[number] else "cancelled"
        gone |= leaves


def alive_in(line: Line, first: date, last: date) -> bool:
    """Whether the line lived on some day from `first` to `last`."""
    return line.started <= last and (line.ended is None or line.ended >= first)


def _days(lines: list[Line]) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64], NDArray[np.datetime64]]:
    def column(days: list[date | None]) -> NDArray[np.datetime64]:
        return np.array(
            [np.datetime64("NaT", "D") if day is None else np.datetime64(day) for day in days],
            "datetime64[D]",
        )

    return (
        column([line.started for line in lines]),
        column([line.commitment_until for line in lines]),
        column([line.plan_since for line in lines]),
    )
