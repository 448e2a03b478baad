"""What do the days add up to? Use by line and day, ties by month, cells by line: the sums that the platform keeps.

Reads each day's sums in any order; returns the month's. After: day; before: silos.use, which writes them down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hogar.twin.arrays import Index, Ints, Small
from hogar.twin.traffic.day import DayOfUse
from hogar.twin.traffic.hours import NIGHT

if TYPE_CHECKING:
    from hogar.twin.world import World

PENDING_MAX = 6_000_000  # rows of cells that wait before they are added up


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDays:
    """The use of lines on one day."""

    line: Ints
    kb: Index
    roaming_kb: Index
    seconds: Ints
    country: Small  # -1 at home


@dataclass(slots=True)
class Months:
    """The sums of the last whole month: `begin`, then `add` each of its days once, in any order, one at a time."""

    calls: Ints  # a pair
    calls_by_one: Ints
    texts: Ints
    seconds: Ints
    evening_calls: Ints
    cells: int
    line_days: dict[np.datetime64, list[LineDays]] = field(default_factory=dict)
    night: dict[np.datetime64, tuple[Ints, Ints]] = field(default_factory=dict)  # lines and their cells
    seen: tuple[Index, Ints, Ints] = field(default_factory=lambda: _nothing())  # key, days, events
    pending: list[tuple[Index, Ints, Ints]] = field(default_factory=list)

    @classmethod
    def begin(cls, world: World) -> Months:
        """Nothing yet."""
        calls, by_one, texts, seconds, evening = np.zeros((5, len(world.pairs)), dtype=np.int32)
        return cls(
            calls=calls,
            calls_by_one=by_one,
            texts=texts,
            seconds=seconds,
            evening_calls=evening,
            cells=len(world.places.cell_x),
        )

    def add(self, day: DayOfUse) -> None:
        """Takes a day's sums in; its records are not kept."""
        self.calls[day.pair] += day.calls
        self.calls_by_one[day.pair] += day.calls_by_one
        self.texts[day.pair] += day.texts
        self.seconds[day.pair] += day.seconds
        self.evening_calls[day.pair] += day.evening_calls
        for eve, of in ((False, day.day), (True, day.day - 1)):
            rows = day.eve == eve
            if rows.any():
                self.line_days.setdefault(of, []).append(
                    LineDays(
                        line=day.line[rows], kb=day.kb[rows], roaming_kb=day.roaming_kb[rows],
                        seconds=day.line_seconds[rows], country=day.country[rows],
                    )
                )  # fmt: skip
        self.night[day.day] = _nights(day)
        key = (day.at_line.astype(np.int64) * 4 + day.at_class) * self.cells + day.at_cell
        self.pending.append((key, (~day.at_eve).astype(np.int32), day.at_events))
        if sum(len(keys) for keys, _, _ in self.pending) > PENDING_MAX:
            self._settle()

    def of_day(self, day: np.datetime64, lines: int) -> LineDays:
        """The use of each line with records on this day, by rising line; late records are in it."""
        parts = self.line_days.get(day, [])
        count, kb, roaming, seconds = (np.zeros(lines, dtype=np.int64) for _ in range(4))
        country = np.full(lines, -1, dtype=np.int8)
        for part in parts:
            count[part.line] += 1
            kb[part.line] += part.kb
            roaming[part.line] += part.roaming_kb
            seconds[part.line] += part.seconds
            country[part.line] = np.maximum(country[part.line], part.country)
        used = np.flatnonzero(count)
        return LineDays(
            line=used.astype(np.int32), kb=kb[used], roaming_kb=roaming[used],
            seconds=seconds[used].astype(np.int32), country=country[used],
        )  # fmt: skip

    def by_cell(self) -> tuple[Ints, Small, Ints, Ints, Ints]:
        """Line, class of hours, cell, days, events of the month; a late record adds no day of its own."""
        self._settle()
        key, days, events = self.seen
        rest = key // self.cells
        cell = (key % self.cells).astype(np.int32)
        return (rest // 4).astype(np.int32), (rest % 4).astype(np.int8), cell, np.maximum(days, 1), events

    def _settle(self) -> None:
        """Adds up the rows that wait."""
        key, days, events = (np.concatenate(column) for column in zip(self.seen, *self.pending, strict=True))
        self.pending = []
        order = np.argsort(key, kind="stable")
        key = key[order]
        heads = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, dtype=np.int64)
        if len(key):
            self.seen = key[heads], np.add.reduceat(days[order], heads), np.add.reduceat(events[order], heads)


def _nothing() -> tuple[Index, Ints, Ints]:
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)


def _nights(day: DayOfUse) -> tuple[Ints, Ints]:
    """The cell in which each line was seen most by night."""
    rows = np.flatnonzero((day.at_class == NIGHT) & ~day.at_eve)
    order = rows[np.lexsort((-day.at_events[rows], day.at_line[rows]))]
    line = day.at_line[order]
    heads = np.flatnonzero(np.r_[True, line[1:] != line[:-1]]) if len(line) else np.empty(0, dtype=np.int64)
    return line[heads], day.at_cell[order][heads]
