"""Who decides, signs, organises, advises, convinces, uses? The truth about roles, drawn before any contract.

Reads people and homes; returns roles per person. Payers, holders and log-ins are drawn later and agree only mostly.
After: population; before: contracts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.telco.roles import ROLES
from hogar.twin.arrays import Flags, Floats, Index, Ints, one_of_each
from hogar.twin.chance import flip
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.population import Population

CONTROL, SIGNS, ORGANISES, ADVISES, PERSUADES, USES = range(len(ROLES))
ADVISES_FROM = 14  # years


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Who holds which role. Columns of `held` follow `telco.roles.ROLES`.

    The others are persons by home: the first holder of each role; `adviser` (ict_agent) may live elsewhere.
    `weight` is how much a person's word counts at home (0 to 1; the sum over a home is 1).
    """

    held: Flags  # [person, role]
    weight: Floats  # a person
    controller: Ints  # a home
    representative: Ints
    organiser: Ints
    adviser: Ints
    persuader: Ints


def cast(population: Population, params: Params, rng: np.random.Generator) -> Roles:
    """Each role goes to one adult of the home, control sometimes to two; technology leans young."""
    home, homes, adult = population.home, population.homes, population.adult
    say = _say(population, params, rng)
    strong = np.where(adult, say**2, 0.0)

    def one(weight: Floats) -> Index:
        return one_of_each(home, weight, rng.random(len(home)), homes)

    controller = one(strong)
    others = np.where(np.arange(len(home)) == controller[home], 0.0, np.where(adult, say, 0.0))
    shared = one(others)
    shared = shared[flip(rng, params.roles.shared_control, homes) & (shared >= 0)]
    representative = one(strong)
    organiser = one(np.where(adult, say, 0.0))
    persuader = one(np.where(adult, 1.0, 0.0))
    adviser = _advisers(population, params, rng)

    held = np.zeros((len(home), len(ROLES)), dtype=bool)
    for role, holders in (
        (CONTROL, np.r_[controller, shared]),
        (SIGNS, representative),
        (ORGANISES, organiser),
        (ADVISES, adviser),
        (PERSUADES, persuader),
    ):
        held[holders, role] = True
    free = adult & (population.kind[home] == KINDS.index("flat_share"))  # each decides for themself
    held[np.ix_(free, [CONTROL, SIGNS, ORGANISES])] = True
    held[:, USES] = population.has_sim
    return Roles(
        held=held,
        weight=say / np.bincount(home, say, homes)[home],
        controller=controller.astype(np.int32),
        representative=representative.astype(np.int32),
        organiser=organiser.astype(np.int32),
        adviser=adviser.astype(np.int32),
        persuader=persuader.astype(np.int32),
    )


def _say(population: Population, params: Params, rng: np.random.Generator) -> Floats:
    """How much a word counts: parents and partners before grown-up children and grandparents, then minors."""
    heads = np.zeros(population.persons, dtype=bool)
    heads[population.first] = True
    settled = (population.partner >= 0) | population.trader | heads
    grown = np.where(settled & (population.age < 80), 4.0, 1.0)
    young = np.clip((population.age - 5) / 13, 0.0, 1.0) * 0.6
    return np.where(population.adult, grown, young) * rng.lognormal(
        0.0, params.roles.say_spread, population.persons
    )


def _advisers(population: Population, params: Params, rng: np.random.Generator) -> Index:
    """Who is asked about technology: somebody of 14 or more at home, or the grown-up child elsewhere."""
    nest = (population.kind == KINDS.index("empty_nest")) & (population.elsewhere >= 0)
    away = nest & flip(rng, params.roles.adviser_elsewhere, population.homes)
    asked = np.zeros(population.persons, dtype=bool)
    asked[population.elsewhere[away]] = True
    weight = np.where(population.age < ADVISES_FROM, 0.0, np.where(population.age < 40, 3.0, 1.0)) * np.where(
        asked, 4.0, 1.0
    )
    at_home = one_of_each(population.home, weight, rng.random(population.persons), population.homes)
    return np.where(away, population.elsewhere, at_home)
