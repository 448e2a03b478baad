"""What does the usage platform hold? Use by day, ties by month, cells in which lines were seen.

Reads the world and the last month's sums; returns Parquet tables in the platform's words. The last whole month is
the exact sum of its records; earlier days and months are drawn from the same rates. Row order says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hogar.twin.arrays import Days, Floats, Index, Ints
from hogar.twin.calendar import last_month, month_end, months_before, today
from hogar.twin.traffic.cells import cell_ids
from hogar.twin.traffic.day import HOUR_CLASSES
from hogar.twin.traffic.months import LineDays, Months
from hogar.twin.traffic.numbers import used_from_until
from hogar.twin.traffic.presence import plan
from hogar.twin.traffic.rates import FADES, MONTH_DAYS, busy_on, due
from hogar.twin.traffic.trips import COUNTRIES
from hogar.twin.world import World

LENGTH_SHAPE = 0.3  # of the gamma distribution of a call's length, where calls are summed without records


def files(world: World, months: Months, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`usage/daily.parquet`, `usage/ties.parquet`, `network/cells.parquet`, `network/night_cells.parquet`."""
    ids = _Ids.of(world, rng)
    return {
        "usage/daily.parquet": _days(world, months, ids, rng),
        "usage/ties.parquet": _ties(world, months, ids, rng),
        "network/cells.parquet": _cells(world, months, ids, rng),
        "network/night_cells.parquet": _nights(world, months, ids),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ids:
    """Names of lines in a mixed order: `place[line]` is a line's in `names`, `mixed` the lines by place."""

    names: pa.Array
    place: Ints
    mixed: Index
    cells: pa.Array

    @classmethod
    def of(cls, world: World, rng: np.random.Generator) -> _Ids:
        ids = world.parties.line
        mixed = rng.permutation(len(ids))
        place = np.empty(len(ids), dtype=np.int32)
        place[mixed] = np.arange(len(ids), dtype=np.int32)
        cells = pa.array(cell_ids(len(world.places.cell_x)), pa.string())
        return cls(names=pa.array(ids[mixed], pa.string()), place=place, mixed=mixed, cells=cells)

    def lines(self, rows: Index | Ints) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(self.place[rows], self.names)

    def mix(self, lines: Index | Ints) -> Index:
        """The order in which rows of these lines (each once, rising) are written."""
        return np.argsort(self.place[lines], kind="stable")

    def at(self, cells: Ints) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(cells, self.cells)


def _days(world: World, months: Months, ids: _Ids, rng: np.random.Generator) -> pa.Table:
    """One row a line and day of use, day after day."""
    now = today(world.params.now)
    minutes = _minutes_of_lines(world)
    recorded = set(last_month(world.params.now).tolist())
    parts, days = [], now - np.arange(world.params.use.usage_days, 0, -1)
    for day in days:
        if day.item() in recorded:
            use = months.of_day(day, len(world.contracts.lines))
        else:
            use = _unrecorded(world, day, minutes, rng)
        order = ids.mix(use.line)
        parts.append((
            ids.place[use.line[order]], use.kb[order], use.seconds[order], use.roaming_kb[order], use.country[order]
        ))  # fmt: skip
    place, kb, seconds, roaming, country = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pa.table({
        "linea": pa.DictionaryArray.from_arrays(place, ids.names),
        "dia": pa.array(np.repeat(days, [len(part[0]) for part in parts]), pa.date32()),
        "mb": pa.array(kb / 1000),
        "minutos": pa.array(np.round(seconds / 60, 2)),
        "mb_roaming": pa.array(roaming / 1000),
        "pais": pa.DictionaryArray.from_arrays(pa.array(country, mask=country < 0), list(COUNTRIES)),
    })  # fmt: skip


def _unrecorded(world: World, day: np.datetime64, minutes: Floats, rng: np.random.Generator) -> LineDays:
    """A day of which no single records are kept."""
    away = plan(world.population, world.whereabouts, world.trips, day, world.params, rng)
    busy = busy_on(world, away, day)
    lines = world.contracts.lines
    count = rng.poisson(_at_lines(world, world.pairs.calls * due(world, busy, day)))
    seconds = _lengths(count, minutes, rng)
    kb, roaming = np.round(busy.kb).astype(np.int64), np.round(busy.roaming_kb).astype(np.int64)
    used = np.flatnonzero(busy.in_use & ((kb > 0) | (roaming > 0) | (count > 0)))
    abroad = away.country[np.maximum(lines.user, 0)]
    return LineDays(
        line=used.astype(np.int32),
        kb=kb[used],
        roaming_kb=roaming[used],
        seconds=seconds[used].astype(np.int32),
        country=abroad[used],
    )


def _minutes_of_lines(world: World) -> Floats:
    """Mean minutes of a call at each line."""
    pairs = world.pairs
    spoken = _at_lines(world, pairs.calls * pairs.minutes * (1 - world.params.traffic.missed))
    return spoken / np.maximum(_at_lines(world, pairs.calls), 1e-9)


def _at_lines(world: World, of_pairs: Floats) -> Floats:
    """What the pairs of each line sum to."""
    pairs, lines = world.pairs, len(world.contracts.lines)
    positions = lines + len(world.offnet)
    total = np.bincount(pairs.one, of_pairs, positions) + np.bincount(pairs.other, of_pairs, positions)
    return np.asarray(total[:lines])


def _lengths(count: Index, minutes: Floats, rng: np.random.Generator) -> Index:
    """Seconds of so many calls of this mean length together."""
    drawn = rng.gamma(np.maximum(count * LENGTH_SHAPE, 1e-9)) / LENGTH_SHAPE
    return np.asarray(np.round(drawn * minutes * 60), dtype=np.int64)


def _ties(world: World, months: Months, ids: _Ids, rng: np.random.Generator) -> pa.Table:
    """Which end comes first means nothing."""
    pairs = world.pairs
    starts = months_before(world.params.now)[-world.params.use.tie_months :]
    parts: list[tuple[Index, ...]] = []
    for place, month in enumerate(starts):
        sums = _recorded_month(months) if month == starts[-1] else _drawn_month(world, month, rng)
        rows = np.flatnonzero(sums[0] + sums[2])
        parts.append((rows, np.full(len(rows), place), *(column[rows].astype(np.int64) for column in sums)))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = rng.permutation(len(columns[0]))
    row, at, calls, by_one, texts, seconds, evening = (column[order] for column in columns)
    turn = rng.random(len(row)) < 0.5
    one, other = pairs.one[row], pairs.other[row]
    return pa.table(
        {
            "linea_a": ids.lines(np.where(turn, one, other)),
            "linea_b": ids.lines(np.where(turn, other, one)),
            "mes": pa.array(starts[at], pa.date32()),
            "llamadas": pa.array(calls),
            "minutos": pa.array(np.round(seconds / 60, 2)),
            "parte_tarde": pa.array(np.round(evening / np.maximum(calls, 1), 3)),
            "sms": pa.array(texts),
            "llamadas_de_a": pa.array(np.where(turn, by_one, calls - by_one)),
        }
    )


def _recorded_month(months: Months) -> tuple[Ints, ...]:
    """Calls, those by `one`, texts, seconds, evening calls of each pair, summed from records."""
    return months.calls, months.calls_by_one, months.texts, months.seconds, months.evening_calls


def _drawn_month(world: World, month: np.datetime64, rng: np.random.Generator) -> tuple[Index, ...]:
    """The same columns for a month of which no single records are kept."""
    pairs, rate = world.pairs, _part_of_month(world, month)
    calls, texts = rng.poisson(pairs.calls * rate), rng.poisson(pairs.texts * rate)
    by_one, evening = rng.binomial(calls, pairs.by_one), rng.binomial(calls, pairs.evening)
    return (
        calls,
        by_one,
        texts,
        _lengths(calls, pairs.minutes * (1 - world.params.traffic.missed), rng),
        evening,
    )


def _part_of_month(world: World, month: np.datetime64) -> Floats:
    """What part of a usual month's traffic a pair has, given the days on which both ends were in use."""
    pairs, lines = world.pairs, world.contracts.lines
    first, last = used_from_until(lines, world.offnet, world.params)
    begin = np.maximum(np.maximum(first[pairs.one], first[pairs.other]), month)
    end = np.minimum(np.minimum(last[pairs.one], last[pairs.other]), month_end(month))
    days = np.maximum((end - begin).astype(np.int64) + 1, 0)
    index = int(np.searchsorted(months_before(world.params.now), month))
    faded = np.ones(len(first))
    faded[: len(lines)] = np.exp(-FADES * np.maximum(index - world.use.fades_from + 1, 0))
    return np.asarray(days / MONTH_DAYS * faded[pairs.one] * faded[pairs.other])


def _cells(world: World, months: Months, ids: _Ids, rng: np.random.Generator) -> pa.Table:
    line, kind, cell, days, events = months.by_cell()
    order = rng.permutation(len(line))
    month: Days = np.full(len(line), last_month(world.params.now)[0])
    return pa.table({
        "linea": ids.lines(line[order]),
        "mes": pa.array(month, pa.date32()),
        "franja": pa.DictionaryArray.from_arrays(kind[order], list(HOUR_CLASSES)),
        "celda": ids.at(cell[order]),
        "dias": pa.array(days[order]),
        "eventos": pa.array(events[order]),
    })  # fmt: skip


def _nights(world: World, months: Months, ids: _Ids) -> pa.Table:
    parts = []
    for day in last_month(world.params.now):
        line, cell = months.night[day]
        order = ids.mix(line)
        parts.append((line[order], np.full(len(line), day), cell[order]))
    line, days, cell = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pa.table({"linea": ids.lines(line), "dia": pa.array(days, pa.date32()), "celda": ids.at(cell)})
