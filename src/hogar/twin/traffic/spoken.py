"""Which calls and texts pass between pairs on a day, and which data sessions has a line?

Reads the world and the day's rates; returns calls by pair, and records of lines without their cells yet.
Before: records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index
from hogar.twin.traffic.hours import (
    EVENING_FROM,
    HOUR,
    evening_on_working_days,
    is_weekend,
    second_of_day,
)
from hogar.twin.traffic.rates import Busy
from hogar.twin.traffic.records import DATA, TEXT, VOICE, Records

if TYPE_CHECKING:
    from hogar.twin.world import World

LATE_FROM = 20 * HOUR  # only what happens late in the day arrives with the next day's
LENGTH_MAX = 4 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Calls or texts, one a row."""

    kind: int  # VOICE or TEXT
    pair: Index
    by_one: Flags
    second: Index
    length: Index  # seconds, 0 for missed calls and texts
    evening: Flags
    late: Flags


def calls_of(world: World, part: Floats, day: np.datetime64, new: Flags, rng: np.random.Generator) -> Spoken:
    """Calls between the pairs of which a `part` of a month's traffic is due."""
    pairs, traffic = world.pairs, world.params.traffic
    pair = _drawn(pairs.calls * part, rng)
    count = len(pair)
    if is_weekend(day):
        second, evening = second_of_day(traffic.call_hours, rng.random(count)), np.ones(count, dtype=bool)
    else:
        share = evening_on_working_days(pairs.evening[pair], pairs.why[pair], world.params)
        evening = rng.random(count) < share
        second = second_of_day(traffic.call_hours, rng.random(count), evening)
    sigma = traffic.length_sigma
    spread = np.exp(rng.normal(size=count) * sigma - sigma**2 / 2)
    length = np.clip(np.ceil(pairs.minutes[pair] * 60 * spread), 1, LENGTH_MAX).astype(np.int64)
    length[rng.random(count) < traffic.missed] = 0
    late = _late(world, second, rng) & ~_any_end(world, pair, new)
    return Spoken(
        kind=VOICE,
        pair=pair,
        by_one=rng.random(count) < pairs.by_one[pair],
        second=second,
        length=length,
        evening=np.where(late, second >= EVENING_FROM * HOUR, evening),
        late=late,
    )


def texts_of(world: World, part: Floats, new: Flags, rng: np.random.Generator) -> Spoken:
    """SMS between the pairs."""
    pairs = world.pairs
    pair = _drawn(pairs.texts * part, rng)
    count = len(pair)
    second = second_of_day(world.params.traffic.text_hours, rng.random(count))
    return Spoken(
        kind=TEXT,
        pair=pair,
        by_one=rng.random(count) < pairs.by_one[pair],
        second=second,
        length=np.zeros(count, dtype=np.int64),
        evening=second >= EVENING_FROM * HOUR,
        late=_late(world, second, rng) & ~_any_end(world, pair, new),
    )


def ends_of(world: World, spoken: Spoken) -> Records:
    """One record for each end that is a line of ours: going out at one, coming in at the other."""
    lines = len(world.contracts.lines)
    one, other = world.pairs.one[spoken.pair], world.pairs.other[spoken.pair]
    caller, called = np.where(spoken.by_one, one, other), np.where(spoken.by_one, other, one)
    out, into = np.flatnonzero(caller < lines), np.flatnonzero(called < lines)
    rows = np.concatenate([out, into])
    return Records.blank(
        len(rows),
        kind=spoken.kind,
        line=np.concatenate([caller[out], called[into]]),
        other=np.concatenate([called[out], caller[into]]),
        out=np.arange(len(rows)) < len(out),
        second=spoken.second[rows],
        length=spoken.length[rows],
        late=spoken.late[rows],
    )


def data_of_lines(world: World, busy: Busy, new: Flags, rng: np.random.Generator) -> Records:
    """Sessions of each line that took data on this day; they sum to what it took."""
    volume = np.round(busy.kb + busy.roaming_kb).astype(np.int64)
    line = np.flatnonzero(busy.in_use & (volume > 0))
    sessions = 1 + rng.poisson(max(world.params.traffic.sessions - 1, 0.0), len(line))
    rows = np.repeat(line, sessions)
    count = len(rows)
    weights = rng.standard_exponential(count)
    upto = np.cumsum(weights)
    last = np.cumsum(sessions) - 1
    before = np.repeat(np.r_[0.0, upto[last[:-1]]] if len(last) else np.empty(0), sessions)
    whole = np.repeat(upto[last], sessions) - before
    reached = np.floor((upto - before) / whole * volume[rows]).astype(np.int64)
    reached[last] = volume[line]
    first = np.r_[0, last[:-1] + 1] if len(last) else last
    kb = np.diff(reached, prepend=0)
    kb[first] = reached[first]
    second = second_of_day(world.params.traffic.data_hours, rng.random(count))
    return Records.blank(
        count,
        kind=DATA,
        line=rows,
        second=second,
        kb=kb,
        late=_late(world, second, rng) & ~new[rows],
    )


def _drawn(rate: Floats, rng: np.random.Generator) -> Index:
    """The pair of each event, every pair as often as its rate wants."""
    count = rng.poisson(rate)
    due = np.flatnonzero(count)
    return np.repeat(due, count[due])


def _late(world: World, second: Index, rng: np.random.Generator) -> Flags:
    share = world.params.traffic.late_records * world.params.dirt.level
    return np.asarray((rng.random(len(second)) < min(1.0, share)) & (second >= LATE_FROM))


def _any_end(world: World, pair: Index, new: Flags) -> Flags:
    """One end is a line of which there was nothing the day before."""
    fresh = np.concatenate([new, np.zeros(len(world.offnet), dtype=bool)])
    return np.asarray(fresh[world.pairs.one[pair]] | fresh[world.pairs.other[pair]])
