"""Who pays and signs for a home? Mostly the true controller and representative, else another adult of it.

Reads people, roles, each home's leaning; returns a payer and a holder by home, and by person whoever pays from
another home: parents of a grown-up child, a former home. After: roles, segments; before: lines.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags, Index, one_of_each
from hogar.twin.contracts.leaning import Leaning
from hogar.twin.parameters import YOUNG, Params
from hogar.twin.people.population import Population
from hogar.twin.people.roles import Roles


def at_home(
    population: Population, roles: Roles, leaning: Leaning, params: Params, rng: np.random.Generator
) -> tuple[Index, Index]:
    """The payer and the holder of each home; its focus is both. An adult of ours, or any adult where none is ours."""
    parts = params.roles
    pays = _mostly(population, roles.controller, parts.payer_is_controller, rng)
    holds = _mostly(population, roles.representative, parts.holder_is_representative, rng)
    chosen = leaning.focus >= 0
    return np.where(chosen, leaning.focus, pays), np.where(chosen, leaning.focus, holds)


def _mostly(population: Population, true: np.ndarray, agrees: float, rng: np.random.Generator) -> Index:
    """The true person with this chance (if a customer who lives here), else another adult of the home."""
    homes = population.homes
    ours = population.onnet & population.adult
    true = np.asarray(true, dtype=np.int64)
    here = true >= 0
    here[here] = ours[true[here]] & (population.home[true[here]] == np.flatnonzero(here))
    weight = np.where(ours, 1.0, np.where(population.adult, 1e-9, 0.0))
    weight[true[here]] = 1e-12
    other = one_of_each(population.home, weight, rng.random(population.persons), homes)
    follows = here & (rng.random(homes) < agrees)
    found = np.where(follows, true, other)
    lonely = here & (found >= 0) & ~ours[np.maximum(found, 0)]
    found = np.where(lonely, true, found)
    return np.where(found >= 0, found, population.first)


def from_outside(
    population: Population, pays: Index, calm: Flags, params: Params, rng: np.random.Generator
) -> Index:
    """By person: who pays the own line from another home, or -1.

    The other parent of a child whose parents live apart, the parents of a young adult, the home that one left.
    """
    parts, home = params.contracts, population.home
    ours = population.onnet & population.adult & ~calm[home]
    draws = rng.random((3, population.persons))
    found = np.full(population.persons, -1, dtype=np.int64)

    left = population.home_before >= 0
    former = np.where(left, pays[np.maximum(population.home_before, 0)], -1)
    still = left & (former >= 0) & (draws[0] < parts.still_paid_by_old_home)
    found[still] = former[still]

    for parent in (population.father, population.mother):
        away = (parent >= 0) & (home[np.maximum(parent, 0)] != home)
        grown = (
            away & population.adult & (population.stage == YOUNG) & (draws[1] < parts.parents_pay_elsewhere)
        )
        apart = away & ~population.adult & (draws[2] < parts.other_parent_pays)
        found = np.where(grown | apart, parent, found)
    # Of two parents the one who pays at their home, if one of them does.
    theirs = pays[home[np.maximum(found, 0)]]
    parent_pays = (found >= 0) & ((theirs == population.father) | (theirs == population.mother))
    found = np.where(parent_pays, theirs, found)
    elsewhere = np.maximum(found, 0)
    valid = (found >= 0) & ours[elsewhere] & (home[elsewhere] != home) & ~calm[home]
    return np.where(valid, found, -1)
