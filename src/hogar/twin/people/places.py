"""Where do they live and work, and what can be delivered there? Cities, postcodes, buildings, dwellings, cells.

Reads the population and workplaces; returns columns. Kin of `Population.near` live two streets away. After: names.
How towns are laid out stands in `towns`; who gets which dwelling stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import NEVER, Days, Flags, Floats, Index, Ints, Texts, one_of_each, rank_in_group
from hogar.twin.calendar import today
from hogar.twin.chance import between, flip, pick
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.cells import serve
from hogar.twin.people.population import Population
from hogar.twin.people.towns import Towns, build, choose_postcodes
from hogar.twin.people.workplaces import SCHOOL, Workplaces

QUARTERS = KINDS.index("group_quarters")
PASSES = 6  # over the free dwellings near kin, before a house is built for the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Dwellings in buildings in postcodes; buildings are served by cells. All by number.

    `unit` is "" in a house of its own; `moved` NaT for homes that stayed the whole year.
    """

    # a home
    dwelling: Ints
    before: Ints  # the dwelling before this one; old addresses are written with it
    moved: Days  # the day of a move of the whole home within the year
    # a dwelling
    building: Ints
    unit: Texts
    # a building
    street: Texts  # with its kind in front: "Calle Mayor"
    number: Texts
    postcode: Ints  # place in `postcodes`
    cell: Ints
    # a postcode
    postcodes: Texts
    city: Texts
    fibre: Flags
    # a cell: about 100 to 1,000 homes; position in km on a plane
    cell_x: Floats
    cell_y: Floats
    # a workplace
    workplace_building: Ints


def settle(
    population: Population, workplaces: Workplaces, params: Params, rng: np.random.Generator
) -> Places:
    """A dwelling per home; buildings are filled in random order, so neighbours are no kin but by parameter."""
    codes, towns_of_codes = choose_postcodes(population.homes, params.places, rng)
    work_town, town = _towns_of(population, workplaces, towns_of_codes, params, rng)
    anchor = _anchors(population)
    town = town[_root(anchor)]
    shared = population.kind == QUARTERS
    towns = build(town, shared, towns_of_codes, params.places, rng)
    dwelling, towns = _move_in(towns, town, anchor, shared, rng)
    before = _earlier(towns, town, dwelling, params.places.local_moves, rng)
    living = np.bincount(towns.building[dwelling], minlength=len(towns.town))
    cells = serve(towns.town, towns.x, towns.y, living, params.places, rng)
    moves = flip(rng, params.change.moves, population.homes)
    days = today(params.now) - between(rng, 5, 364, population.homes).astype("timedelta64[D]")
    return Places(
        dwelling=dwelling.astype(np.int32),
        before=before.astype(np.int32),
        moved=np.where(moves, days, NEVER),
        building=towns.building.astype(np.int32),
        unit=towns.units(rng),
        street=towns.street,
        number=towns.number,
        postcode=towns.postcode.astype(np.int32),
        cell=cells.of_building.astype(np.int32),
        postcodes=codes,
        city=towns.city_names[towns_of_codes],
        fibre=_fibre(towns.postcode, living, len(codes), params.places.fibre, rng),
        cell_x=cells.x,
        cell_y=cells.y,
        workplace_building=_some_building(towns, work_town, rng).astype(np.int32),
    )


def _towns_of(
    population: Population,
    workplaces: Workplaces,
    towns_of_codes: Index,
    params: Params,
    rng: np.random.Generator,
) -> tuple[Index, Index]:
    """The town of each workplace and of each home: most homes are in the town where one of them works or learns."""
    sizes = np.bincount(towns_of_codes)
    work = pick(rng, sizes, len(workplaces.kind))
    anywhere = pick(rng, sizes, population.homes)
    employed = workplaces.of >= 0
    if not len(work):
        return work, anywhere
    school = workplaces.kind[workplaces.of] == SCHOOL
    weight = np.where(employed, np.where(school, 0.3, 1.0), 0.0)
    earner = one_of_each(population.home, weight, rng.random(population.persons), population.homes)
    local = (earner >= 0) & flip(rng, params.places.local_work, population.homes)
    return work, np.where(local, work[workplaces.of[earner]], anywhere)


def _anchors(population: Population) -> Index:
    """The home near which each one lives, -1 for none; of two that name each other the first stays where it is."""
    near = population.near.astype(np.int64)
    own = np.arange(population.homes)
    mutual = (near >= 0) & (near[near] == own) & (own < near)
    loose = mutual | (near == own) | (population.kind == QUARTERS) | (population.kind[near] == QUARTERS)
    anchor = np.where(loose, -1, near)
    reached = anchor < 0
    for _ in range(PASSES):
        reached = reached | reached[anchor]
    return np.where(reached, anchor, -1)  # a ring of homes has no first one: they settle anywhere


def _root(anchor: Index) -> Index:
    """The home at the head of each chain of kin."""
    root = np.arange(len(anchor))
    for _ in range(PASSES):
        root = np.where(anchor[root] >= 0, anchor[root], root)
    return root


def _move_in(
    towns: Towns, town: Index, anchor: Index, shared: Flags, rng: np.random.Generator
) -> tuple[Index, Towns]:
    """A dwelling for each home, of its own; kin get one in the quarter of those whom they live near."""
    dwelling = np.full(len(town), -1, dtype=np.int64)
    dwelling[shared] = towns.of_shared
    first = np.flatnonzero((anchor < 0) & ~shared)
    dwelling[first] = _free_in_town(towns, town[first], rng)
    free = ~towns.shared[towns.building]
    free[dwelling[first]] = False
    waiting = np.flatnonzero((anchor >= 0) & ~shared)
    while len(waiting):
        ready = waiting[dwelling[anchor[waiting]] >= 0]
        for _ in range(PASSES):
            ready = ready[dwelling[ready] < 0]
            host = towns.building[dwelling[anchor[ready]]]
            found = _free_in_quarter(towns, free, host, rng)
            dwelling[ready] = found
            free[found[found >= 0]] = False
        ready = ready[dwelling[ready] < 0]
        towns, built = towns.with_houses(towns.building[dwelling[anchor[ready]]], rng)
        dwelling[ready] = built
        free = np.append(free, np.zeros(len(built), dtype=bool))
        waiting = waiting[dwelling[waiting] < 0]
    return dwelling, towns


def _free_in_town(towns: Towns, town: Index, rng: np.random.Generator) -> Index:
    """Different dwellings, one in each of these towns."""
    open_ones = np.flatnonzero(~towns.shared[towns.building])
    place = towns.town[towns.building[open_ones]]
    order = np.lexsort((rng.random(len(open_ones)), place))
    starts = np.searchsorted(place[order], np.arange(len(towns.city_names)))
    return np.asarray(open_ones[order[starts[town] + rank_in_group(town, np.arange(len(town)))]])


def _free_in_quarter(towns: Towns, free: Flags, host: Index, rng: np.random.Generator) -> Index:
    """Different free dwellings in the hosts' quarters, but not in their buildings; -1 where that did not work out."""
    open_ones = np.flatnonzero(free)
    quarter = towns.quarter[towns.building[open_ones]]
    order = np.lexsort((rng.random(len(open_ones)), quarter))
    quarters = int(towns.quarter.max()) + 1
    edges = np.searchsorted(quarter[order], np.arange(quarters + 1))
    wanted = towns.quarter[host]
    place = edges[wanted] + rank_in_group(wanted, rng.random(len(wanted)))
    within = place < edges[wanted + 1]
    if not len(open_ones):
        return np.full(len(host), -1, dtype=np.int64)
    found = open_ones[order[np.where(within, place, 0)]]
    return np.where(within & (towns.building[found] != host), found, -1)


def _earlier(towns: Towns, town: Index, dwelling: Index, local: float, rng: np.random.Generator) -> Index:
    """Another dwelling for each home, mostly in the same town; somebody else may live there now."""
    open_ones = np.flatnonzero(~towns.shared[towns.building])
    order = open_ones[np.argsort(towns.town[towns.building[open_ones]], kind="stable")]
    edges = np.searchsorted(towns.town[towns.building[order]], np.arange(len(towns.city_names) + 1))
    stays = flip(rng, local, len(town)) & (edges[town + 1] - edges[town] > 1)
    low, high = np.where(stays, edges[town], 0), np.where(stays, edges[town + 1], len(order))
    drawn = between(rng, low, high - 1, len(town))
    again = np.where(drawn + 1 < high, drawn + 1, low)
    return np.where(order[drawn] == dwelling, order[again], order[drawn])


def _fibre(postcode: Index, living: Index, count: int, share: float, rng: np.random.Generator) -> Flags:
    """Which postcodes have fibre: those without it are among the smallest."""
    homes = np.bincount(postcode, weights=living, minlength=count) * (0.5 + rng.random(count))
    return rank_in_group(np.zeros(count), homes) >= round(count * (1 - share))


def _some_building(towns: Towns, town: Index, rng: np.random.Generator) -> Index:
    """A building in each of these towns."""
    order = np.argsort(towns.town, kind="stable")
    edges = np.searchsorted(towns.town[order], np.arange(len(towns.city_names) + 1))
    low, high = edges[town], edges[town + 1]
    bare = high == low
    drawn = between(rng, np.where(bare, 0, low), np.where(bare, len(order), high) - 1, len(town))
    return np.asarray(order[drawn])
