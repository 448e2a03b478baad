"""What would a market look like whose truth we know? A synthetic operator: people, homes, silos, events, truth.

`generate` is pure: parameters and a seed in, Arrow tables out; the same bytes every time. It knows `telco` and
shares no code with what is judged on it. `cli` writes the files. Read on in `world.py`, which runs the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from hogar.errors import UsageError
from hogar.telco.events import Event
from hogar.twin.chance import Chance
from hogar.twin.events import month
from hogar.twin.parameters import Params
from hogar.twin.reading import read_params
from hogar.twin.silos import write_down
from hogar.twin.truth import tables
from hogar.twin.world import draw

__all__ = ["Market", "Params", "generate", "read_params"]

PERSONS_MIN, PERSONS_MAX = 100, 5_000_000


@dataclass(frozen=True, kw_only=True)
class Market:
    """One market. `silos` by path below the data folder (`crm/customers.csv`), `truth` by name, apart.

    A silo table's schema metadata say how its file is written: `encoding` and `delimiter` of a CSV.
    """

    silos: Mapping[str, pa.Table]
    truth: Mapping[str, pa.Table]
    events: list[Event]
    now: str
    seed: int
    persons: int
    params_version: str


def generate(persons: int, seed: int, params: Params) -> Market:
    """A market of about `persons` on-net persons; the same arguments give the same bytes.

    Raises `UsageError` where `persons` or `seed` cannot be.
    """
    if not PERSONS_MIN <= persons <= PERSONS_MAX:
        raise UsageError(f"a market has from {PERSONS_MIN} to {PERSONS_MAX:,} persons, not {persons}")
    if seed < 0:
        raise UsageError(f"a seed is a whole number from 0, not {seed}")
    chance = Chance(seed)
    world = draw(persons, params, chance)
    return Market(
        silos=write_down(world, chance),
        truth=tables(world, chance.stream("truth")),
        events=month(world, chance.stream("events")),
        now=params.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seed=seed,
        persons=persons,
        params_version=params.version,
    )
