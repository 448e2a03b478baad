"""Who lived together, and since when? Reads the resolution of before and the one now; returns ids, events, history.

`versions` is the way in: households that go on keep their id, what changed is said as events, and the history gets
its new rows. A day is the day of a resolution; `valid_to` is the first day on which a row no longer holds.
After: `succession` (ids), `events`; before: the SQL steps that speak of households by their id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hogar.errors import UsageError
from hogar.households.clusters import Indices
from hogar.households.events import events
from hogar.households.succession import Kept, View, flat, kept, places

SCHEMA = pa.schema(
    [
        ("household_id", pa.string()),
        ("person_id", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Versions:
    """A resolution as a view among others of the same parties.

    `names` (household_id, name) is how each household of the resolution is called from now on; `membership` is the
    one given, with those names; `events` are those of this resolution alone; `history` is all of it.
    """

    names: pa.Table
    membership: pa.Table
    events: pa.Table
    history: pa.Table


def versions(before: View | None, now: View, *, history: pa.Table | None = None, day: date) -> Versions:
    """Carry ids and history from the resolution of before into the one of `day`.

    Without a view of before there are no events: nothing can have changed, and the history begins on that day.
    A day before the last one of the history is a `UsageError`.
    """
    past = history.select(SCHEMA.names).cast(SCHEMA) if history is not None else SCHEMA.empty_table()
    found = kept(before or View.empty(), now)
    names = _names(found, past)
    called = flat(now.membership, "household_id")
    column = now.membership.column_names.index("household_id")
    membership = now.membership.set_column(
        column, "household_id", names.take(pa.array(places(called, found.households_now)))
    )
    told = events(before or View.empty(), now, found, names, day=day)
    return Versions(
        names=pa.table({"household_id": found.households_now, "name": names}),
        membership=membership,
        events=told if before is not None else told.slice(0, 0),
        history=_carried(past, membership, day),
    )


def _names(found: Kept, past: pa.Table) -> pa.Array:
    """What the households of now are called: the id that is inherited, else their own where it never stood for another.

    A household that is new and whose id is used up gets a number behind it: `H-crm:7~2`. One whose id stood for
    nobody but its members now has come back, and bears it again.
    """
    own, inherited = found.households_now, found.inherits >= 0
    ever = pc.unique(pa.concat_arrays([flat(past, "household_id"), found.households_before]))
    names = pc.if_else(
        pa.array(inherited), found.households_before.take(pa.array(found.inherits, mask=~inherited)), own
    )
    used_up = np.flatnonzero(~inherited & (places(own, ever) >= 0))
    if not len(used_up):
        return names
    known = {*ever.to_pylist(), *own.to_pylist()}
    listed = names.to_pylist()
    for place in _stood_for_others(used_up, found, past):
        number, name = 2, f"{listed[place]}~2"
        while name in known:
            number += 1
            name = f"{listed[place]}~{number}"
        known.add(name)
        listed[place] = name
    return pa.array(listed, pa.string())


def _stood_for_others(used_up: Indices, found: Kept, past: pa.Table) -> Indices:
    """Of these new households, those whose own id once stood for somebody who is no member of them now."""
    ids = found.households_now.take(pa.array(used_up))
    rows = past.filter(pc.is_in(past["household_id"], value_set=ids))
    place = places(flat(rows, "person_id"), found.persons_now)
    home_now = np.append(found.household_now, -1)[place]
    of_id = used_up[places(flat(rows, "household_id"), ids)]
    others = np.unique(of_id[home_now != of_id])
    inherited = found.households_before.take(pa.array(found.inherits[found.inherits >= 0]))
    taken = used_up[places(ids, inherited) >= 0]
    unheard = used_up[places(ids, flat(past, "household_id")) < 0]
    return np.unique(np.concatenate([others, taken, unheard]))


def _carried(past: pa.Table, membership: pa.Table, day: date) -> pa.Table:
    """The history with the rows closed that hold no longer, and the new ones opened."""
    last = pc.max(
        pa.chunked_array([*past["valid_from"].chunks, *past["valid_to"].chunks], pa.date32())
    ).as_py()
    if last is not None and day < last:
        raise UsageError(
            f"the history of households goes on from {last}, not back to {day}; give a later day, or begin again "
            "with `hogar resolve --anew`"
        )
    persons, homes = flat(membership, "person_id"), flat(membership, "household_id")
    is_open = past["valid_to"].is_null()
    closed, still = past.filter(pc.invert(is_open)), past.filter(is_open)
    place = places(flat(still, "person_id"), persons)
    goes_on = pc.fill_null(
        pc.equal(flat(still, "household_id"), homes.take(pa.array(place, mask=place < 0))), False
    )
    ended = still.filter(pc.invert(goes_on))
    ended = ended.set_column(3, SCHEMA.field("valid_to"), pa.repeat(pa.scalar(day, pa.date32()), len(ended)))
    begun = np.ones(len(persons), dtype=np.bool_)
    begun[place[goes_on.to_numpy(zero_copy_only=False)]] = False
    new = pa.Table.from_arrays(
        [
            homes.filter(pa.array(begun)),
            persons.filter(pa.array(begun)),
            pa.repeat(pa.scalar(day, pa.date32()), int(begun.sum())),
            pa.nulls(int(begun.sum()), pa.date32()),
        ],
        schema=SCHEMA,
    )
    going_on = still.filter(goes_on)
    kept = pa.concat_tables([closed, _lasting(ended, closed, going_on, new), going_on, new])
    return kept.sort_by([(name, "ascending") for name in ("person_id", "valid_from", "household_id")])


def _lasting(ended: pa.Table, *others: pa.Table) -> pa.Table:
    """Without the rows of no day, but where an id would be forgotten: it was somebody's, and must not be another's."""
    of_days = pc.less(ended["valid_from"], ended["valid_to"])
    lasting = ended.filter(of_days)
    known = pa.concat_arrays([flat(table, "household_id") for table in (lasting, *others)])
    return pa.concat_tables(
        [
            lasting,
            ended.filter(pc.invert(of_days)).filter(
                pc.invert(pc.is_in(flat(ended.filter(pc.invert(of_days)), "household_id"), value_set=known))
            ),
        ]
    )
