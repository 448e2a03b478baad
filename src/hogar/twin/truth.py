"""What would a perfect resolution find? Persons, homes, users and roles, for whoever is known by some silo.

Nothing but the comparison of a result with the truth reads these tables; no silo holds any of them.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hogar.twin.chance import unique_ids
from hogar.twin.parties import PREFIX
from hogar.twin.world import World

Row = tuple[str | int, ...]


def canonical(id: str) -> str:
    """A silo's id as the product's tables carry it: with the silo in front."""
    silo = {"L": "crm:", "S": "prepaid:"} | PREFIX
    return silo[id[0]] + id


def tables(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`membership`, `lines`, `roles`, `households`, each sorted by its first column."""
    population, parties = world.population, world.parties
    person_ids = unique_ids(rng, "T", len(population.persons))
    home_ids = unique_ids(rng, "H", len(population.homes))
    membership: list[Row] = []
    known: set[int] = set()
    for person in population.persons:
        for party in parties.all_of(person.number):
            membership.append((canonical(party), person_ids[person.number], home_ids[person.home]))
            known.add(person.number)
    users: list[Row] = [
        (canonical(parties.line[line.number]), person_ids[line.user]) for line in world.contracts.lines
    ]
    roles: list[Row] = [
        (person_ids[number], role) for number in known for role in sorted(world.roles.of_person[number])
    ]
    homes: list[Row] = [(home_ids[home.number], home.kind, len(home.members)) for home in population.homes]
    return {
        "membership": _table(("party_id", "person_id", "household_id"), membership),
        "lines": _table(("line_id", "person_id"), users),
        "roles": _table(("person_id", "role"), roles),
        "households": _table(("household_id", "kind", "members"), homes),
    }


def _table(columns: tuple[str, ...], rows: list[Row]) -> pa.Table:
    return pa.table([pa.array(values) for values in zip(*sorted(rows), strict=True)], names=list(columns))
