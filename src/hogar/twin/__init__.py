"""What would a market look like whose truth we know? A synthetic operator: people, homes, silos, events, truth.

`generate` is pure: parameters and a seed in, Arrow tables out; the same bytes every time. It knows `telco` and
shares no code with what is judged on it. `cli` writes the files. Read on in `world.py`, which runs the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from hogar.errors import UsageError
from hogar.telco.events import Event
from hogar.twin.calendar import last_month
from hogar.twin.chance import Chance
from hogar.twin.events import month
from hogar.twin.parameters import Params
from hogar.twin.reading import REGIMES, read_params
from hogar.twin.silos import write_down
from hogar.twin.traffic.day import DayOfUse, day_of_use
from hogar.twin.traffic.months import Months
from hogar.twin.truth import tables
from hogar.twin.world import World, draw

__all__ = ["PERSONS_MAX", "PERSONS_MIN", "REGIMES", "SEED_MAX", "Market", "Params", "generate", "read_params"]

PERSONS_MIN, PERSONS_MAX = 100, 5_000_000
SEED_MAX = 2**63 - 1

Records = Callable[[str, pa.Table], None]
"""Takes the records of a day as they come: the path of their file below the data folder, and the table."""


class Each(Protocol):
    """`map`, or what an executor offers in its place: results in the order of what was given."""

    def __call__(
        self, work: Callable[[np.datetime64], DayOfUse], days: Iterable[np.datetime64], /
    ) -> Iterable[DayOfUse]: ...


@dataclass(frozen=True, kw_only=True)
class Market:
    """One market. `silos` by path below the data folder (`crm/customers.csv`), `truth` by name, apart.

    A silo table's schema metadata say how its file is written: `encoding` and `delimiter` of a CSV. The records of
    single calls are no table here: they went to `records`, day by day. Events stand in the order of their arrival.
    """

    silos: Mapping[str, pa.Table]
    truth: Mapping[str, pa.Table]
    events: list[Event]
    now: str
    seed: int
    persons: int
    params_version: str
    regime: str
    world: World


def generate(
    persons: int,
    seed: int,
    params: Params,
    *,
    records: Records | None = None,
    each: Each = map,
    progress: Callable[[str], None] = lambda _: None,
) -> Market:
    """A market of about `persons` on-net persons; the same arguments give the same bytes, whatever `each` does.

    `records` is given each day's calls, texts and data sessions as they come; without it they are dropped and only
    their sums stay. Raises `UsageError` where `persons` or `seed` cannot be.
    """
    if not PERSONS_MIN <= persons <= PERSONS_MAX:
        raise UsageError(f"a market has from {PERSONS_MIN} to {PERSONS_MAX:,} persons, not {persons}")
    if not 0 <= seed <= SEED_MAX:
        raise UsageError(f"a seed is a whole number from 0 to {SEED_MAX}, not {seed}")
    chance = Chance(seed)
    world = draw(persons, params, chance, progress)
    months = _use(world, chance, records, each, progress)
    events, visits = month(world, chance.stream("events"))
    progress("silos")
    silos = write_down(world, months, chance, visits)
    progress("truth and events")
    return Market(
        silos=silos,
        truth=tables(world, chance.stream("truth")),
        events=events,
        now=params.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seed=seed,
        persons=persons,
        params_version=params.version,
        regime=params.regime,
        world=world,
    )


def _use(
    world: World, chance: Chance, records: Records | None, each: Each, progress: Callable[[str], None]
) -> Months:
    """The last whole month's traffic, day by day: records handed on, sums added up."""

    def of(day: np.datetime64) -> DayOfUse:
        return day_of_use(world, day, chance.stream("xdr", int(day.astype(np.int64))))

    months = Months.begin(world)
    for used in each(of, last_month(world.params.now)):
        progress(f"calls and data of {used.day}: {used.records.num_rows:,} records")
        if records is not None:
            records(f"usage/xdr/{used.day}.parquet", used.records)
        months.add(used)
    return months
