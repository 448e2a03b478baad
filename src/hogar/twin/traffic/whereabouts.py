"""Where are they, when? Cells of home, work and evening for each person.

Reads people, places, workplaces; returns columns. After: contracts; before: trips, pairs (friends share a circle).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import NEVER, Days, Floats, Index, Ints
from hogar.twin.parameters import Params
from hogar.twin.people.places import Places
from hogar.twin.people.population import Population
from hogar.twin.people.workplaces import SCHOOL, Workplaces
from hogar.twin.traffic.circles import gather
from hogar.twin.traffic.trips import COUNTRIES, Trips, travel

__all__ = ["COUNTRIES", "Trips", "Whereabouts", "live", "travel"]

SCHOOL_STARTS, WORK_STARTS = 9.0, 8.7
BESIDE = 3  # neighbouring cells that take over a call
BLOCK = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Usual cells of a person; `other` is the second home's (children of separated parents), else -1.

    `work` is -1 for who stays at home; `evening` is where free evenings are spent away from home.
    """

    home: Ints
    work: Ints
    evening: Ints
    other: Ints
    kin: Ints  # where kin is visited at weekends, -1 for none
    before: Ints  # the home cell before a move or separation within the year, -1 for none
    changed: Days  # the day of that move, NaT for none
    circle: Ints  # of friends, who meet at the same times; -1 for none
    starts: Floats  # the hour at which work or school starts
    beside: Ints  # [cell, rank]: the nearest other cells; the cell itself where there are none


def live(
    population: Population, workplaces: Workplaces, places: Places, params: Params, rng: np.random.Generator
) -> Whereabouts:
    """The cells of every person's days."""
    count = population.persons
    of_home = places.cell[places.building[places.dwelling]]
    home = of_home[population.home]
    circle, meets = gather(population, workplaces, home, params, rng)
    working = workplaces.of >= 0
    work = np.full(count, -1, dtype=np.int32)
    work[working] = places.cell[places.workplace_building[workplaces.of[working]]]
    at_school = working.copy()
    at_school[working] = workplaces.kind[workplaces.of[working]] == SCHOOL
    before, changed = _earlier(population, places, of_home)
    kin = _kin(population, rng)
    return Whereabouts(
        home=home,
        work=work,
        evening=np.where(circle >= 0, meets[circle], home).astype(np.int32),
        other=np.where(population.other_home >= 0, of_home[population.other_home], -1).astype(np.int32),
        kin=np.where(kin >= 0, of_home[kin], -1).astype(np.int32),
        before=before,
        changed=changed,
        circle=circle,
        starts=np.where(at_school, SCHOOL_STARTS, WORK_STARTS + rng.normal(size=count) * 0.9),
        beside=nearest(places.cell_x, places.cell_y),
    )


def _earlier(population: Population, places: Places, of_home: Ints) -> tuple[Ints, Days]:
    """The cell before a move of the whole home, or before a person came to this one, and the day of it."""
    moved = places.moved[population.home]
    gone = places.cell[places.building[places.before]][population.home]
    came = (population.home_before >= 0) & ~np.isnat(population.joined)
    before = np.where(came, of_home[population.home_before], np.where(np.isnat(moved), -1, gone))
    return before.astype(np.int32), np.where(came, population.joined, np.where(np.isnat(moved), NEVER, moved))


def _kin(population: Population, rng: np.random.Generator) -> Index:
    """The home of kin that a person visits: a parent's, else who matters elsewhere, else who lives near; -1."""
    mothers = rng.random(population.persons) < 0.5
    found = np.full(population.persons, -1, dtype=np.int64)
    choices = (
        np.where(mothers, population.mother, population.father),
        np.where(mothers, population.father, population.mother),
        population.elsewhere[population.home],
    )
    for person in choices:
        home = np.where(person >= 0, population.home[person], -1)
        found = np.where((found < 0) & (home != population.home), home, found)
    return np.where(found < 0, population.near[population.home], found)


def nearest(x: Floats, y: Floats) -> Ints:
    """The nearest other cells of each, block by block, as there may be some thousands."""
    count, ranks = len(x), min(BESIDE, len(x) - 1)
    if ranks < 1:
        return np.arange(count, dtype=np.int32)[:, None]
    found = np.empty((count, ranks), dtype=np.int32)
    for first in range(0, count, BLOCK):
        rows = np.arange(first, min(first + BLOCK, count))
        squares = (x[rows, None] - x[None, :]) ** 2 + (y[rows, None] - y[None, :]) ** 2
        squares[np.arange(len(rows)), rows] = np.inf
        found[rows] = np.argpartition(squares, ranks - 1, axis=1)[:, :ranks]
    return found
