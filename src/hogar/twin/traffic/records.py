"""How is a day of traffic written down? One record an end of a call, a text, a data session, in the silo's words.

Reads calls and sessions, and where everybody is; returns an Arrow table in time order, late and doubled ones last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from hogar.twin.arrays import Flags, Index, Ints, Small
from hogar.twin.traffic.cells import cell_ids
from hogar.twin.traffic.hours import DAY
from hogar.twin.traffic.presence import Plan
from hogar.twin.traffic.trips import COUNTRIES

if TYPE_CHECKING:
    from hogar.twin.world import World

VOICE, TEXT, DATA = range(3)
KINDS = ("VOZ", "SMS", "DATOS")
WAYS = ("S", "E")  # out, in


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """One record a row; `other` -1 and no way for data. `late` ones belong to the day before."""

    kind: Small
    line: Ints
    other: Ints
    out: Flags
    second: Ints
    length: Ints
    kb: Index
    late: Flags
    cell: Ints
    country: Small

    @classmethod
    def blank(cls, count: int, *, kind: int, line: Any, second: Any, late: Flags, **columns: Any) -> Records:
        """Records of one kind, not yet seen by a cell."""
        none = np.zeros(count)
        usual = {"other": none - 1, "out": none == 0, "length": none, "kb": none} | columns
        return cls(
            kind=np.full(count, kind, dtype=np.int8),
            line=np.asarray(line).astype(np.int32),
            other=usual["other"].astype(np.int32),
            out=usual["out"],
            second=np.asarray(second).astype(np.int32),
            length=usual["length"].astype(np.int32),
            kb=usual["kb"].astype(np.int64),
            late=late,
            cell=np.full(count, -1, dtype=np.int32),
            country=np.full(count, -1, dtype=np.int8),
        )

    @classmethod
    def joined(cls, parts: Sequence[Records]) -> Records:
        """All of them, one part after the other."""
        return cls(**{
            one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)
        })  # fmt: skip

    def __len__(self) -> int:
        return len(self.line)

    def seen(self, world: World, today: Plan, rng: np.random.Generator) -> Records:
        """The same records with cell and country; some were taken over by a neighbouring cell."""
        user = world.contracts.lines.user[self.line]
        cell, country = today.at(user, self.second)
        beside = world.whereabouts.beside
        moved = np.flatnonzero((rng.random(len(cell)) < world.params.traffic.handover) & (cell >= 0))
        rank = (rng.random(len(moved)) * beside.shape[1]).astype(np.int64)
        cell[moved] = beside[cell[moved], rank]
        return replace(self, cell=cell, country=country)


def written(world: World, records: Records, day: np.datetime64, rng: np.random.Generator) -> pa.Table:
    """The table of a day; ids are dictionaries in an order that says nothing."""
    order = _order(world, records, rng)
    ids = world.parties.line
    mixed = rng.permutation(len(ids))
    place = np.empty(len(ids), dtype=np.int32)
    place[mixed] = np.arange(len(ids), dtype=np.int32)
    names = pa.array(ids, pa.string()).take(pa.array(mixed))
    late, data = records.late[order], records.kind[order] == DATA
    moment = day.astype("datetime64[s]").astype(np.int64) + records.second[order] - DAY * late
    other, cell, country = records.other[order], records.cell[order], records.country[order]
    return pa.table({
        "momento": pa.array(moment, pa.timestamp("s")),
        "linea": pa.DictionaryArray.from_arrays(place[records.line[order]], names),
        "tipo": pa.DictionaryArray.from_arrays(records.kind[order], list(KINDS)),
        "sentido": pa.DictionaryArray.from_arrays(
            pa.array((~records.out[order]).astype(np.int8), mask=data), list(WAYS)
        ),
        "otro": pa.DictionaryArray.from_arrays(pa.array(place[other], mask=other < 0), names),
        "segundos": pa.array(records.length[order], pa.int32()),
        "kb": pa.array(records.kb[order], pa.int64()),
        "celda": pa.DictionaryArray.from_arrays(
            pa.array(cell, mask=cell < 0), pa.array(cell_ids(len(world.places.cell_x)), pa.string())
        ),
        "pais": pa.DictionaryArray.from_arrays(pa.array(country, mask=country < 0), list(COUNTRIES)),
    })  # fmt: skip


def _order(world: World, records: Records, rng: np.random.Generator) -> Index:
    """In time order, equal seconds mixed; then the late ones and those that were recorded twice."""
    share = world.params.traffic.duplicate_records * world.params.dirt.level
    mixed = records.second.astype(np.int64) << 24 | rng.integers(0, 1 << 24, len(records), dtype=np.int64)
    order = np.argsort(mixed + np.where(records.late, np.int64(1) << 50, 0), kind="stable")
    twice = np.sort(order[rng.random(len(order)) < min(1.0, share)])
    return np.concatenate([order, twice[np.argsort(mixed[twice], kind="stable")]])
