"""What changed between two resolutions? Reads what survived; returns one row an event.

Events say what our view of the households did: a new record may part what was together, as a removal van does.
They name other households, so they are for the house, never for a member's eyes. Before: `succession`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hogar.households.succession import Indices, Kept, View, flat, places

SCHEMA = pa.schema(
    [
        ("day", pa.date32()),
        ("kind", pa.string()),
        ("household_id", pa.string()),
        ("person_id", pa.string()),
        ("other_household_id", pa.string()),
        ("other_person_id", pa.string()),
    ]
)
KINDS_OF_EVENTS = (
    "formed",  # a household that was none before
    "split",  # a household that was none before; more than half of it came out of the other, which goes on
    "merged",  # most persons of the other household, which is no more, are in this one
    "moved",  # the home address of most members is another
    "joined",  # a person is new in the household, and was in the other, if there is one
    "left",  # a person is no longer in the household, and is in the other, if there is one
    "recognised",  # the other person is this one: another name for it, or its double
    "told_apart",  # this person was taken for the other one
)


@dataclass(kw_only=True)
class _Rows:
    """Events by place, collected kind by kind."""

    day: date
    tables: list[pa.Table] = field(default_factory=list)

    def add(self, kind: str, count: int, **columns: pa.Array) -> None:
        given = {
            "day": pa.repeat(pa.scalar(self.day, pa.date32()), count),
            "kind": pa.repeat(kind, count),
            **columns,
        }
        filled = [given[name] if name in given else pa.nulls(count, pa.string()) for name in SCHEMA.names]
        self.tables.append(pa.Table.from_arrays(filled, schema=SCHEMA))


def events(before: View, now: View, found: Kept, names: pa.Array, *, day: date) -> pa.Table:
    """The events from `before` to `now`, in order of household, kind and person.

    `names` are the ids that the households of `now` bear (in the order of `found.households_now`).
    A person's rows tell everything: with whom of `left` and who is the other of `recognised` taken out of `before`,
    and whom of `joined`, `recognised` and `told_apart` put into the household of the row, `now` is what is there.
    """
    rows = _Rows(day=day)
    _households(rows, found, names)
    _moves(rows, before, now, found)
    _persons(rows, found, names)
    return pa.concat_tables(rows.tables).sort_by(
        [(name, "ascending") for name in ("household_id", "kind", "person_id", "other_household_id")]
    )


def _households(rows: _Rows, found: Kept, names: pa.Array) -> None:
    """Formed, split, merged."""
    known = found.came_from >= 0
    now, before = found.household_now[known], found.household_before[found.came_from[known]]
    new = found.inherits < 0
    origin = _majority(now, before, np.bincount(found.household_now, minlength=len(new)), new)
    heir = np.full(len(found.households_before), -1, dtype=np.int64)
    heir[found.inherits[~new]] = np.flatnonzero(~new)
    split, formed = np.flatnonzero(new & (origin >= 0)), np.flatnonzero(new & (origin < 0))
    rows.add("formed", len(formed), household_id=_take(names, formed))
    rows.add(
        "split",
        len(split),
        household_id=_take(names, split),
        other_household_id=_take(found.households_before, origin[split]),
    )
    ended = heir < 0
    into = _majority(before, now, np.bincount(before, minlength=len(ended)), ended)
    merged = np.flatnonzero(into >= 0)
    rows.add(
        "merged",
        len(merged),
        household_id=_take(names, into[merged]),
        other_household_id=_take(found.households_before, merged),
    )


def _moves(rows: _Rows, before: View, now: View, found: Kept) -> None:
    """Moved: more members are at home at the new address than at the one that was the household's."""
    if before.homes is None or now.homes is None:
        return
    then = _home(before.homes, found.persons_before, found.household_before, len(found.households_before))
    heir = np.flatnonzero(found.inherits >= 0)
    old = _take(then, found.inherits[heir])
    held = _home(now.homes, found.persons_now, found.household_now, len(found.households_now), pa.table(
        {"group": heir, "home": old}
    ))  # fmt: skip
    new = _take(held, heir)
    moved = pc.fill_null(pc.not_equal(old, new), False).to_numpy(zero_copy_only=False)
    rows.add(
        "moved", int(moved.sum()), household_id=_take(found.households_before, found.inherits[heir[moved]])
    )


def _persons(rows: _Rows, found: Kept, names: pa.Array) -> None:
    """Joined, left, recognised, told apart."""
    came_from, went_to = found.came_from, found.went_to
    was = np.append(found.household_before, -1)[came_from]  # the household before, -1 for none
    changed = np.flatnonzero(found.inherits[found.household_now] != np.where(was >= 0, was, -2))
    person, home = _take(found.persons_now, changed), _take(names, found.household_now[changed])
    old = _take(found.households_before, was[changed])
    rows.add("joined", len(changed), household_id=home, person_id=person, other_household_id=old)
    leaving = was[changed] >= 0
    away = pa.array(leaving)
    rows.add(
        "left",
        int(leaving.sum()),
        household_id=old.filter(away),
        person_id=person.filter(away),
        other_household_id=home.filter(away),
    )
    gone = np.flatnonzero(went_to < 0)
    rows.add(
        "left",
        len(gone),
        household_id=_take(found.households_before, found.household_before[gone]),
        person_id=_take(found.persons_before, gone),
    )
    vanished = places(found.persons_before, found.persons_now) < 0
    recognised = np.flatnonzero(vanished & (went_to >= 0))
    rows.add(
        "recognised",
        len(recognised),
        household_id=_take(names, found.household_now[went_to[recognised]]),
        person_id=_take(found.persons_now, went_to[recognised]),
        other_household_id=_take(found.households_before, found.household_before[recognised]),
        other_person_id=_take(found.persons_before, recognised),
    )
    unheard = places(found.persons_now, found.persons_before) < 0
    place = np.arange(len(came_from))
    renamed = (
        vanished[came_from] & (went_to[came_from] == place)
        if len(vanished)
        else np.zeros(len(place), np.bool_)
    )
    apart = np.flatnonzero(unheard & (came_from >= 0) & ~renamed)
    rows.add(
        "told_apart",
        len(apart),
        household_id=_take(names, found.household_now[apart]),
        person_id=_take(found.persons_now, apart),
        other_household_id=_take(found.households_before, was[apart]),
        other_person_id=_take(found.persons_before, came_from[apart]),
    )


def _majority(group: Indices, other: Indices, sizes: Indices, wanted: npt.NDArray[np.bool_]) -> Indices:
    """Of each wanted group, the other group that more than half of its `sizes` are in; -1 where there is none."""
    majority = np.full(len(wanted), -1, dtype=np.int64)
    mine = wanted[group]
    width = int(other.max(initial=0)) + 1
    pair, shared = np.unique(group[mine] * width + other[mine], return_counts=True)
    most = 2 * shared > sizes[pair // width]
    majority[pair[most] // width] = pair[most] % width
    return majority


def _home(
    homes: pa.Table, persons: pa.Array, household: Indices, count: int, held: pa.Table | None = None
) -> pa.Array:
    """The home that most persons of each household have; of equals the one that it `held`, then the first by key."""
    keys = pc.unique(flat(homes, "home"))
    keys = keys.take(pc.array_sort_indices(keys)).drop_null()
    person, key = places(flat(homes, "person_id"), persons), places(flat(homes, "home"), keys)
    usable = (person >= 0) & (key >= 0)
    width = len(keys) + 1
    once = np.unique(person[usable] * width + key[usable])  # a home counts once a person
    pair, votes = np.unique(household[once // width] * width + once % width, return_counts=True)
    group, key = pair // width, pair % width
    before = np.full(count, -1, dtype=np.int64)
    if held is not None:
        before[held["group"].to_numpy()] = places(flat(held, "home"), keys)
    order = np.lexsort((key, before[group] != key, -votes))
    best = np.full(count, -1, dtype=np.int64)
    best[group[order][::-1]] = key[order][::-1]
    return _take(keys, best)


def _take(values: pa.Array, where: Indices) -> pa.Array:
    """The values at these places; NULL at -1."""
    return values.take(pa.array(where, mask=where < 0))
