"""What would a perfect resolution find? Persons, homes, users, roles, and what changed; ids of their own.

Nothing but the comparison of a result with the truth reads these tables; no silo holds any of them.
Parties and lines are named as the product's tables name them, with the silo in front.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hogar.telco.roles import ROLES
from hogar.twin.arrays import Flags, Texts
from hogar.twin.calendar import today
from hogar.twin.cases import CASES
from hogar.twin.chance import unique_ids
from hogar.twin.contracts.offnet import OFFNET_KINDS
from hogar.twin.contracts.parties import PREFIX
from hogar.twin.parameters import KINDS
from hogar.twin.people.population import MALE
from hogar.twin.world import World

CASES_MAX = 200  # listed of each case


def tables(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """Every table of the truth by name, sorted by its columns from left to right."""
    persons = unique_ids(rng, "T", world.population.persons)
    homes = unique_ids(rng, "H", world.population.homes)
    found = {
        "membership": _membership(world, persons, homes),
        "lines": _lines(world, persons),
        "roles": _roles(world, persons),
        "households": _households(world, homes),
        "persons": _persons(world, persons, homes),
        "offnet": _offnet(world, persons, homes),
        "changes": _changes(world, persons, homes),
        "advisers": _advisers(world, persons, homes),
        "companies": _companies(world, persons),
        "company_members": _company_members(world, persons),
        "cases": _cases(world, persons, homes),
    }
    return {
        name: table.sort_by([(column, "ascending") for column in table.column_names])
        for name, table in found.items()
    }


def canonical_ids(ids: Texts) -> pa.Array:
    """Many silos' ids as the product's tables carry them; "" becomes null. Like `parties.canonical` for one."""
    bare = pa.array(ids, pa.string(), mask=ids == "")
    letters = pc.utf8_slice_codeunits(bare, 0, 1)
    prefixes = pa.array(PREFIX.values(), pa.string()).take(
        pc.index_in(letters, pa.array(PREFIX.keys(), pa.string()))
    )
    return pc.binary_join_element_wise(prefixes, bare, "")


def _membership(world: World, persons: Texts, homes: Texts) -> pa.Table:
    """Whose each party is. A sole trader's business is the trader's; companies are nobody's and stand apart."""
    parties = world.parties
    found: list[tuple[pa.Array, NDArray[Any]]] = []
    for ids in (parties.crm, parties.duplicate, parties.business, parties.prepaid, parties.web):
        who = np.flatnonzero(ids != "")
        found.append((canonical_ids(ids[who]), who))
    who = np.concatenate([numbers for _, numbers in found])
    return pa.table({
        "party_id": pa.concat_arrays([ids for ids, _ in found]),
        "person_id": _texts(persons[who]),
        "household_id": _texts(homes[world.population.home[who]]),
    })  # fmt: skip


def _lines(world: World, persons: Texts) -> pa.Table:
    """The user of each line; a company's spare SIM has none and is left out."""
    used = np.flatnonzero(world.contracts.lines.user >= 0)
    return pa.table({
        "line_id": canonical_ids(world.parties.line[used]),
        "person_id": _texts(persons[world.contracts.lines.user[used]]),
    })  # fmt: skip


def _roles(world: World, persons: Texts) -> pa.Table:
    who, role = np.nonzero(world.roles.held)
    return pa.table({"person_id": _texts(persons[who]), "role": _named(ROLES, role)})


def _households(world: World, homes: Texts) -> pa.Table:
    population = world.population
    return pa.table({
        "household_id": _texts(homes),
        "kind": _named(KINDS, population.kind),
        "members": pa.array(population.size.astype(np.int64)),
    })  # fmt: skip


def _persons(world: World, persons: Texts, homes: Texts) -> pa.Table:
    population = world.population
    return pa.table({
        "person_id": _texts(persons),
        "household_id": _texts(homes[population.home]),
        "sex": pa.array(np.where(population.sex == MALE, "m", "f")),
        "birth_date": pa.array(population.birth.astype("datetime64[D]"), pa.date32()),
        "onnet": pa.array(population.onnet),
    })  # fmt: skip


def _offnet(world: World, persons: Texts, homes: Texts) -> pa.Table:
    """Numbers of other operators: whose they are, or what they are where they are nobody's in this market."""
    offnet = world.offnet
    return pa.table({
        "number_id": canonical_ids(world.parties.line[len(world.contracts.lines) :]),
        "kind": _named(OFFNET_KINDS, offnet.kind),
        "person_id": _of(persons, offnet.user),
        "household_id": _of(homes, offnet.home),
    })  # fmt: skip


def _changes(world: World, persons: Texts, homes: Texts) -> pa.Table:
    """What changed within the year: homes that moved (no person), a nest left, a pair joined or separated, births."""
    population, places = world.population, world.places
    moved = np.flatnonzero(~np.isnat(places.moved))
    came = np.flatnonzero(~np.isnat(population.joined) & (population.home_before >= 0))
    before, now = population.home_before[came], population.home[came]
    nest = _lives(population.mother[came], before, population.home)
    nest |= _lives(population.father[came], before, population.home)
    pair = _lives(population.partner[came], now, population.home)
    what = np.where(nest, "left_nest", np.where(pair, "joined", "separated"))
    year_ago = today(world.params.now) - 365
    born = np.flatnonzero(population.birth > year_ago)
    stayed, fresh = np.full(len(moved), -1), np.full(len(born), -1)
    day = np.r_[places.moved[moved], population.joined[came], population.birth[born]].astype("datetime64[D]")
    names = np.concatenate([np.full(len(moved), "moved"), what, np.full(len(born), "born")])
    return pa.table({
        "person_id": _of(persons, np.r_[stayed, came, born]),
        "what": pa.array(names.astype(object), pa.string()),
        "day": pa.array(day, pa.date32()),
        "household_before": _of(homes, np.r_[moved, before, fresh]),
        "household_id": _of(homes, np.r_[moved, now, population.home[born]]),
    })  # fmt: skip


def _lives(person: NDArray[Any], home: NDArray[Any], home_of: NDArray[Any]) -> Flags:
    """Which of these persons (-1: nobody) live in these homes."""
    return np.asarray((person >= 0) & (home_of[np.maximum(person, 0)] == home))


def _advisers(world: World, persons: Texts, homes: Texts) -> pa.Table:
    """Who advises each home on technology; some of them live elsewhere."""
    has = np.flatnonzero(world.roles.adviser >= 0)
    return pa.table(
        {"household_id": _texts(homes[has]), "person_id": _texts(persons[world.roles.adviser[has]])}
    )


def _companies(world: World, persons: Texts) -> pa.Table:
    """Companies that are customers, and who speaks for them: as a person, and as a party where one is known."""
    workplaces, parties = world.workplaces, world.parties
    found = np.flatnonzero(parties.company != "")
    best = np.where(parties.best() != "", parties.best(), parties.web)
    columns: dict[str, pa.Array] = {
        "company_party_id": canonical_ids(parties.company[found]),
        "registration": _texts(world.names.registration[found]),
    }
    for role, who in (
        ("signatory", workplaces.signatory[found]),
        ("manager", workplaces.manager[found]),
        ("ict", workplaces.ict[found]),
    ):
        columns[f"{role}_person_id"] = _of(persons, who)
        columns[f"{role}_party_id"] = canonical_ids(np.where(who >= 0, best[np.maximum(who, 0)], ""))
    return pa.table(columns)


def _company_members(world: World, persons: Texts) -> pa.Table:
    """Each company's lines with their users; a spare SIM has none."""
    lines = world.contracts.lines
    held = np.flatnonzero(lines.company >= 0)
    return pa.table({
        "company_party_id": canonical_ids(world.parties.company[lines.company[held]]),
        "person_id": _of(persons, lines.user[held]),
        "line_id": canonical_ids(world.parties.line[held]),
    })  # fmt: skip


def _cases(world: World, persons: Texts, homes: Texts) -> pa.Table:
    """The named hard cases: each case's first few by number, row by row who or which line takes part."""
    names: list[str] = []
    people, lines = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    numbers: list[NDArray[Any]] = [np.empty(0, np.int64)]
    for name, find in CASES.items():
        case = find(world).first(CASES_MAX)
        names += [name] * len(case.person)
        numbers.append(case.number)
        people.append(case.person)
        lines.append(case.line)
    person, line = np.concatenate(people), np.concatenate(lines)
    home = np.where(person >= 0, world.population.home[np.maximum(person, 0)], -1)
    return pa.table({
        "case": pa.array(names, pa.string()),
        "number": pa.array(np.concatenate(numbers)),
        "household_id": _of(homes, home),
        "person_id": _of(persons, person),
        "line_id": canonical_ids(np.where(line >= 0, world.parties.line[np.maximum(line, 0)], "")),
    })  # fmt: skip


def _texts(values: Texts) -> pa.Array:
    return pa.array(values, pa.string())


def _of(ids: Texts, numbers: NDArray[Any]) -> pa.Array:
    """The ids of these numbers, null below 0."""
    numbers = np.asarray(numbers, dtype=np.int64)
    return pa.array(ids[np.maximum(numbers, 0)], pa.string(), mask=numbers < 0)


def _named(names: tuple[str, ...], places: NDArray[Any]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(np.asarray(places, dtype=np.int64)))
