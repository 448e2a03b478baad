"""Who of the family lives in another home? A parent, a grown-up child, who matters elsewhere, who lives near.

Reads people; returns persons by number. Used by: money, trips.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Index
from hogar.twin.people.population import Population


def kin_elsewhere(population: Population, rng: np.random.Generator) -> Index:
    """For each person one grown-up of the kin in another home, drawn from all there are; -1 where there is none."""
    count, home = population.persons, population.home
    child = np.full(count, -1, dtype=np.int64)
    for parent in (population.father, population.mother):
        known = np.flatnonzero(parent >= 0)
        apart = known[home[known] != home[parent[known]]]
        child[parent[apart]] = apart
    near = population.near[home]
    beside = np.where((near >= 0) & (population.size[near] > 0), population.first[near], -1)
    choices = np.stack([population.mother, population.father, child, population.elsewhere[home], beside])
    fits = (choices >= 0) & (home[choices] != home) & population.adult[choices]
    draws = np.where(fits, rng.random(choices.shape), -1.0)
    chosen = draws.argmax(axis=0)
    here = np.arange(count)
    return np.where(draws[chosen, here] >= 0, choices[chosen, here], -1).astype(np.int64)
