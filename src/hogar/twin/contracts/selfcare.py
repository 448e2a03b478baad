"""Who manages which lines in self-care? Own ones; and mostly the home's organiser all that its payer pays.

Reads people, contracts, the truth about roles, who has a web account; returns pairs. After: leaving.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags, Index, one_of_each
from hogar.twin.contracts.lines import Contracts
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.people.roles import Roles

SIGNATORY_LOGS_IN = 0.3  # ... of companies whose legal representative has a web account of his own


def manage(
    population: Population, contracts: Contracts, roles: Roles, web: Flags, focus: Flags, params: Params,
    rng: np.random.Generator,
) -> Index:  # fmt: skip
    """Pairs of a person with a web account and a line, each once, by person."""
    lines = contracts.lines
    manager = _managers(population, contracts, roles, web, focus, params, rng)
    numbers = np.arange(len(lines))
    used = (lines.user >= 0) & (lines.company < 0)
    used &= web[np.maximum(lines.user, 0)]
    private = (lines.payer >= 0) & (lines.company < 0)
    home = np.where(private, population.home[np.maximum(lines.payer, 0)], -1)
    of_home = private & (contracts.pays[home] == lines.payer)
    by = np.where(of_home, manager[home], -1)
    company = (lines.company >= 0) & web[np.maximum(lines.payer, 0)]
    company &= (rng.random(population.persons) < SIGNATORY_LOGS_IN)[np.maximum(lines.payer, 0)]
    pairs = np.concatenate([
        np.stack([lines.user[used].astype(np.int64), numbers[used]], axis=1),
        np.stack([by[by >= 0].astype(np.int64), numbers[by >= 0]], axis=1),
        np.stack([lines.payer[company].astype(np.int64), numbers[company]], axis=1),
    ])  # fmt: skip
    key = np.unique(pairs[:, 0] * max(1, len(lines)) + pairs[:, 1])
    return np.stack(np.divmod(key, max(1, len(lines))), axis=1)


def _managers(
    population: Population, contracts: Contracts, roles: Roles, web: Flags, focus: Flags, params: Params,
    rng: np.random.Generator,
) -> Index:  # fmt: skip
    """Who manages what a home's payer pays: mostly the organiser, else another with a web account; or nobody, -1."""
    homes = population.homes
    draws = rng.random((2, homes))
    could = web & population.adult
    organiser = np.asarray(roles.organiser, dtype=np.int64)
    able = (organiser >= 0) & could[np.maximum(organiser, 0)]
    able &= population.home[np.maximum(organiser, 0)] == np.arange(homes)
    weight = could.astype(np.float64)
    weight[organiser[able]] = 0.0
    other = one_of_each(population.home, weight, rng.random(population.persons), homes)
    follows = draws[0] < params.contracts.login_is_organiser
    found = np.where(follows & able, organiser, np.where(~follows, other, -1))
    alone = population.size == 1
    found = np.where(alone & able, organiser, found)
    shared = (contracts.pays >= 0) & (draws[1] < params.touch.selfcare_manages_all)
    found = np.where(shared, found, -1)
    story = np.flatnonzero(focus)
    found[population.home[story]] = story
    return found
