"""What do they hold, in whose name, on whose bill? Lines, offers, accounts of homes and companies.

Reads people, places, the truth about roles, each home's leaning; returns contracts.
Payer and holder follow the true controller and representative only mostly. After: roles, segments.
The parts: `payers`, `pools`, `fixed`, `mobile`, then `terms`, `bundles`, `accounts`, `history`.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags
from hogar.twin.chance import flip
from hogar.twin.contracts import bundles, fixed, mobile, payers, pools, terms
from hogar.twin.contracts.accounts import open_accounts
from hogar.twin.contracts.drafts import joined
from hogar.twin.contracts.history import remember
from hogar.twin.contracts.leaning import Leaning, lean
from hogar.twin.contracts.lines import POSTPAID, Contracts, Lines
from hogar.twin.contracts.segments import Segments
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.places import Places
from hogar.twin.people.population import Population
from hogar.twin.people.roles import Roles
from hogar.twin.people.tastes import Tastes
from hogar.twin.people.workplaces import Workplaces

OF_AGE_LONG_AGO = 39  # was of age when the oldest line began


def sign(
    population: Population,
    workplaces: Workplaces,
    places: Places,
    roles: Roles,
    tastes: Tastes,
    segments: Segments,
    params: Params,
    rng: np.random.Generator,
) -> Contracts:
    """All lines, accounts and the history of offers."""
    leaning = lean(population, segments, params)
    pays, holds = payers.at_home(population, roles, leaning, params, rng)
    outside = payers.from_outside(population, pays, leaning.chosen, params, rng)
    company, only = pools.equip_companies(population, workplaces, tastes, leaning, params, rng)
    has_other: Flags = np.zeros(population.persons, dtype=bool)
    has_other[only] = True
    lines = joined([
        *fixed.share_lines(population, places, leaning, pays, holds, rng),
        mobile.first_sims(population, tastes, leaning, pays, holds, outside, has_other, params, rng),
        mobile.second_sims(population, tastes, leaning, pays, params, rng),
        company,
    ])  # fmt: skip
    lived_in = np.maximum(lines.home, 0)
    lines.segment[:] = np.where(lines.home >= 0, leaning.segment[lived_in], 0)
    lines.focus[:] = (lines.home >= 0) & (leaning.focus[lived_in] == lines.user) & (lines.kind == POSTPAID)
    terms.agree(lines, population, params, rng)
    terms.settle_in(lines, population, params, rng)
    bundles.bundle(lines, population, leaning, pays, rng)
    bundles.share_outside(lines, population, workplaces, leaning, params, rng)
    _pass_on(lines, population, leaning, params, rng)
    shared = ~np.isin(population.kind, [KINDS.index("flat_share"), KINDS.index("group_quarters")])
    return Contracts(
        lines=lines,
        accounts=open_accounts(lines, population, params, rng),
        history=remember(lines, tastes, params, rng),
        pays=np.where(shared, pays, -1).astype(np.int32),
        holds=np.where(shared, holds, -1).astype(np.int32),
    )


def _pass_on(
    lines: Lines, population: Population, leaning: Leaning, params: Params, rng: np.random.Generator
) -> None:
    """Some lines were passed on long ago, and CRM still names the first holder, whom the user hardly knows."""
    passed = flip(rng, params.contracts.stale_holder, len(lines))
    passed &= (
        (lines.kind == POSTPAID) & ~lines.by_business & (lines.holder == lines.user) & (lines.segment == 0)
    )
    former = np.flatnonzero((population.age >= OF_AGE_LONG_AGO) & ~leaning.chosen[population.home])
    rows = np.flatnonzero(passed)
    if len(former):
        lines.holder[rows] = former[rng.integers(0, len(former), len(rows))]
