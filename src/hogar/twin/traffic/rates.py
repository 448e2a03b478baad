"""How busy is each line and pair on a day? Which lines are in use, how much data they take, what pairs are due.

Reads the world; returns rates of one day. Before: day (single records) and silos.use (sums without records).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hogar.twin.arrays import Flags, Floats, Ints
from hogar.twin.calendar import month_end, months_before
from hogar.twin.chance import uniform
from hogar.twin.traffic.hours import is_weekend, ups_and_downs, weight_of_days
from hogar.twin.traffic.numbers import used_from_until
from hogar.twin.traffic.presence import Plan

if TYPE_CHECKING:
    from hogar.twin.world import World

MONTH_DAYS = 30.4
QUIET, QUIET_FADING = 0.04, 0.45  # days without use
ABROAD = 0.5  # of calls at home: assumed
FADES = 0.7  # as use.consume
SECOND_ABROAD = 0.15  # data abroad of a user's second line beside the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """One position a row in `voice` (what part of usual traffic happens), one line a row in the others."""

    voice: Floats
    kb: Floats  # at home
    roaming_kb: Floats
    in_use: Flags


def busy_on(world: World, plan: Plan, day: np.datetime64) -> Busy:
    """The activity of all lines and numbers on this day."""
    lines, count = world.contracts.lines, len(world.contracts.lines)
    first, last = used_from_until(lines, world.offnet, world.params)
    alive = (first <= day) & (day <= last)
    own = lines.mobile & (lines.user >= 0)
    in_use = alive[:count] & own
    user = np.maximum(lines.user, 0)
    month = int(np.searchsorted(months_before(world.params.now), day, side="right")) - 1
    faded = np.exp(-FADES * np.maximum(month - world.use.fades_from + 1, 0))
    voice = alive.astype(np.float64)
    voice[:count] *= np.where(own, faded, 0.0) * np.where(plan.country[user] >= 0, ABROAD, 1.0)
    abroad = plan.country[user] >= 0
    kb = np.where(in_use & ~abroad, data_of(world, day, month), 0.0)
    roaming = np.where(in_use & abroad, plan.mb[user] * 1000.0, 0.0)
    later = lines.mobile & ~lines.focus & _has_earlier(lines.user, own)
    roaming = np.where(later, SECOND_ABROAD * roaming, roaming)
    return Busy(voice=voice, kb=kb, roaming_kb=roaming, in_use=in_use)


def data_of(world: World, day: np.datetime64, month: int) -> Floats:
    """The data (kB) of each line on a day, were it in use all day; the days of a month sum to the month's use."""
    start = day.astype("datetime64[M]").astype("datetime64[D]")
    days = int((month_end(start) - start).astype(np.int64)) + 1
    place = int((day - start).astype(np.int64))
    at = (
        place + (uniform(0, "days of data", *world.contracts.lines.print_of()) * days).astype(np.int64)
    ) % days
    fading = world.use.fades_from <= month
    shape = np.where(fading, ups_and_downs(days, QUIET_FADING)[at], ups_and_downs(days, QUIET)[at])
    return np.asarray(world.use.gb[:, month] * 1e6 / days * shape)


def due(world: World, busy: Busy, day: np.datetime64) -> Floats:
    """The part of a month's usual traffic that each pair has on this day."""
    weight = weight_of_days(world.params)[1 if is_weekend(day) else 0] / MONTH_DAYS
    pairs = world.pairs
    return np.asarray(weight[pairs.why] * busy.voice[pairs.one] * busy.voice[pairs.other])


def _has_earlier(user: Ints, own: Flags) -> Flags:
    """Lines whose user has another line before them."""
    rows = np.flatnonzero(own)
    _, first = np.unique(user[rows], return_index=True)
    later = own.copy()
    later[rows[first]] = False
    return later
