"""In which order does word come of what happened? The last weeks' CloudEvents as they arrive, up to the extract.

Reads the world; returns events whose subject is a line or a web account, as the product names them. Most come at
once; some come late, some come twice: as a bus delivers. An id says nothing. After: `happenings`.
"""

from __future__ import annotations

import numpy as np

from hogar.telco.events import Event
from hogar.twin.arrays import Texts
from hogar.twin.chance import flip, unique_ids
from hogar.twin.happenings import Drafts, last_weeks
from hogar.twin.truth import canonical_ids
from hogar.twin.world import World

DAY_SECONDS = 86_400


def month(world: World, rng: np.random.Generator) -> tuple[list[Event], Texts]:
    """The last 30 days' events in the order of arrival: most at once, some late, a few once more; none after `now`.

    A late one comes minutes, rarely most of a day after its time; an event says when it happened, and only its place
    in the list says when it came. Beside them the events' ids by visit ("" for an older one): a visit has one id,
    which the web's own log writes too.
    """
    now = np.datetime64(world.params.now.replace(tzinfo=None), "s")
    drafts = last_weeks(world, now, rng)
    params = world.params.events
    at = np.concatenate([one.at.astype("datetime64[s]") for one in drafts])
    kind = np.repeat(np.arange(len(drafts)), [len(one.at) for one in drafts])
    subject = np.concatenate([_subjects(one, world) for one in drafts])
    data = np.concatenate([one.data for one in drafts])
    count = len(at)
    ids = unique_ids(rng, "e", count, 9)
    late, wait = (
        flip(rng, params.late, count),
        rng.lognormal(np.log(params.late_minutes * 60), params.late_sigma, count),
    )
    delay = np.where(late, np.clip(wait, 60, DAY_SECONDS), 0).astype(np.int64)
    again = np.flatnonzero(flip(rng, params.duplicated, count))
    echo = np.clip(rng.lognormal(np.log(300.0), params.late_sigma, len(again)), 1, DAY_SECONDS).astype(
        np.int64
    )
    event = np.r_[np.arange(count), again]
    arrival = np.minimum(at[event] + np.r_[delay, delay[again] + echo].astype("timedelta64[s]"), now)
    order = event[np.lexsort((rng.random(len(event)), arrival))]
    times = np.datetime_as_string(at, unit="s", timezone="UTC")
    made = [
        Event(
            id=id, source=drafts[place].source, type=drafts[place].type, time=time, subject=whose, data=said
        )
        for id, place, time, whose, said in zip(
            ids[order].tolist(), kind[order].tolist(), times[order].tolist(), subject[order].tolist(),
            data[order].tolist(), strict=True,
        )
    ]  # fmt: skip
    visits = np.full(len(world.touches.visit_at), "", dtype=object)
    for place, one in enumerate(drafts):
        if one.rows is not None:
            visits[one.rows] = ids[kind == place]
    return made, visits


def _subjects(drafts: Drafts, world: World) -> Texts:
    ids = world.parties.web if drafts.web else world.parties.line
    return np.array(canonical_ids(ids[drafts.subject]).to_pylist(), dtype=object)
