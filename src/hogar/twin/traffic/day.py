"""What does the network write down in one day? Calls, texts and data sessions, each with its time and cell.

Reads the world and the day's own stream, so days can be drawn in any order, or several at once; returns the
day's records and their sums. After: everything in `world`; before: months, which adds the sums up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from hogar.twin.arrays import Flags, Index, Ints, Small
from hogar.twin.calendar import last_month
from hogar.twin.traffic.hours import class_of, is_weekend
from hogar.twin.traffic.presence import plan
from hogar.twin.traffic.rates import busy_on, due
from hogar.twin.traffic.records import Records, written
from hogar.twin.traffic.spoken import Spoken, calls_of, data_of_lines, ends_of, texts_of

if TYPE_CHECKING:
    from hogar.twin.world import World

HOUR_CLASSES = ("night", "work", "evening", "weekend")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfUse:
    """The records of a day in the silo's words, and what they sum up to; duplicated records count once.

    A late record belongs to the day before; its sums do too (`eve`). The month's first day has no late ones.
    Positions of lines, pairs and cells are those of the world.
    """

    day: np.datetime64
    records: pa.Table  # momento, linea, tipo, sentido, otro, segundos, kb, celda, pais
    # a pair with traffic
    pair: Ints
    calls: Ints  # missed ones too
    calls_by_one: Ints
    texts: Ints
    seconds: Ints
    evening_calls: Ints
    # a mobile line with records
    line: Ints
    eve: Flags  # of the day before
    kb: Index  # at home
    roaming_kb: Index
    line_seconds: Ints
    country: Small
    # a line, class of hours and cell
    at_line: Ints
    at_class: Small  # place in HOUR_CLASSES
    at_cell: Ints
    at_eve: Flags
    at_events: Ints


def day_of_use(world: World, day: np.datetime64, rng: np.random.Generator) -> DayOfUse:
    """The traffic of all mobile lines on this day of the last whole month."""
    today = plan(world.population, world.whereabouts, world.trips, day, world.params, rng)
    busy = busy_on(world, today, day)
    part = due(world, busy, day)
    new = world.contracts.lines.started == day  # have no day before, nor has the month's first day
    new |= day == last_month(world.params.now)[0]
    calls = calls_of(world, part, day, new, rng)
    texts = texts_of(world, part, new, rng)
    records = Records.joined([
        ends_of(world, calls), ends_of(world, texts), data_of_lines(world, busy, new, rng)
    ])  # fmt: skip
    records = records.seen(world, today, rng)
    return DayOfUse(
        day=day,
        records=written(world, records, day, rng),
        **_of_pairs(len(world.pairs), calls, texts),
        **_of_lines(len(world.contracts.lines), records),
        **_of_cells(len(world.places.cell_x), records, day),
    )


def _of_pairs(pairs: int, calls: Spoken, texts: Spoken) -> dict[str, Any]:
    """The sums of pairs with traffic."""
    count = np.bincount(calls.pair, minlength=pairs)
    written = np.bincount(texts.pair, minlength=pairs)
    pair = np.flatnonzero(count + written)
    columns = {
        "pair": pair,
        "calls": count[pair],
        "calls_by_one": np.bincount(calls.pair[calls.by_one], minlength=pairs)[pair],
        "texts": written[pair],
        "seconds": np.bincount(calls.pair, calls.length, minlength=pairs)[pair],
        "evening_calls": np.bincount(calls.pair[calls.evening], minlength=pairs)[pair],
    }
    return {name: column.astype(np.int32) for name, column in columns.items()}


def _of_lines(lines: int, records: Records) -> dict[str, Any]:
    """The sums of lines with records, those of late records apart."""
    row = records.line + lines * records.late
    rows = 2 * lines if records.late.any() else lines
    used = np.flatnonzero(np.bincount(row, minlength=rows))
    abroad = records.country >= 0
    country = np.full(rows, -1, dtype=np.int8)
    country[row[abroad]] = records.country[abroad]
    return {
        "line": (used % lines).astype(np.int32),
        "eve": used >= lines,
        "kb": np.bincount(row, np.where(abroad, 0, records.kb), minlength=rows)[used].astype(np.int64),
        "roaming_kb": np.bincount(row, np.where(abroad, records.kb, 0), minlength=rows)[used].astype(
            np.int64
        ),
        "line_seconds": np.bincount(row, records.length, minlength=rows)[used].astype(np.int32),
        "country": country[used],
    }


def _of_cells(cells: int, records: Records, day: np.datetime64) -> dict[str, Any]:
    """The records of lines by class of hours and cell."""
    here = records.cell >= 0
    late = records.late[here].astype(np.int64)
    weekend = np.where(late, is_weekend(day - 1), is_weekend(day))
    kind = class_of(records.second[here], weekend).astype(np.int64)
    key = ((records.line[here].astype(np.int64) * 4 + kind) * 2 + late) * cells + records.cell[here]
    found, events = np.unique(key, return_counts=True)
    rest = found // cells
    return {
        "at_line": (rest // 8).astype(np.int32),
        "at_class": (rest // 2 % 4).astype(np.int8),
        "at_eve": rest % 2 == 1,
        "at_cell": (found % cells).astype(np.int32),
        "at_events": events.astype(np.int32),
    }
