"""With whom are they friends? Circles of some nine people of like age who live near, or go to one school.

A circle meets in one place, so friends are where friends are; and friends of friends are friends.
Reads people and places; returns each person's circle and the cell where a circle meets. After: places.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags, Ints
from hogar.twin.chance import between, flip
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.people.workplaces import SCHOOL, Workplaces

FROM_AGE = 10
BAND_YEARS = 5.0
NEAR = 0.70  # of persons find their friends around their home, the others elsewhere in the market
AS_COUPLE = 0.35  # of couples have one circle


def gather(
    population: Population, workplaces: Workplaces, home_cell: Ints, params: Params, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """The circle of each person (-1 for small children), and the cell where each circle meets."""
    count = population.persons
    band = np.floor((population.age + rng.normal(size=count) * 2) / BAND_YEARS).astype(np.int64)
    away = home_cell[(rng.random(count) * count).astype(np.int64)]
    scene = np.where(flip(rng, NEAR, count), home_cell, away).astype(np.int64)
    school = _at_school(population, workplaces)
    scene[school] = home_cell.max(initial=0) + 1 + workplaces.of[school]
    mixed = rng.random(count)
    led = np.flatnonzero((population.partner >= 0) & (population.partner < np.arange(count)))
    led = led[flip(rng, AS_COUPLE, len(led))]
    for column in (band, scene, mixed):
        column[led] = column[population.partner[led]]
    members = np.flatnonzero(population.age >= FROM_AGE)
    members = members[np.lexsort((mixed[members], scene[members], band[members]))]
    sizes = between(rng, max(2, params.traffic.circle - 4), params.traffic.circle + 4, len(members) // 2 + 1)
    number = np.repeat(np.arange(len(sizes)), sizes)[: len(members)]
    circle = np.full(count, -1, dtype=np.int32)
    circle[members] = number
    host = np.zeros(int(number.max(initial=-1)) + 1, dtype=np.int64)
    host[number[::-1]] = members[::-1]
    return circle, home_cell[host].astype(np.int32)


def _at_school(population: Population, workplaces: Workplaces) -> Flags:
    school = workplaces.of >= 0
    school[school] = workplaces.kind[workplaces.of[school]] == SCHOOL
    return np.asarray(school & (population.age < 18))
