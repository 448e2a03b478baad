"""What happened within the year? Separations, nests left, couples who moved together; births follow from ages.

Reads the population with its kin; returns it with `home_before` and `joined` of whoever left another home.
Exact counts of those who could be meant, and at least one: no small market is without. Called by: population.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hogar.twin.arrays import Index
from hogar.twin.calendar import today
from hogar.twin.chance import between, flip
from hogar.twin.parameters import Params
from hogar.twin.people.kin import OWN_LIFE, matched, of_kinds

if TYPE_CHECKING:
    from hogar.twin.people.population import Population

YEAR = 365
NEST_LEFT_UNTIL = 32
NEW_COUPLE_UNTIL = 40


def happen(population: Population, params: Params, rng: np.random.Generator) -> Population:
    """The same homes, with who came from where within the year."""
    before = population.home_before.copy()
    fixed = np.zeros(
        population.homes, dtype=bool
    )  # homes that somebody left: who is there now was there before
    for who, where in (
        _separations(population, params, rng),
        _nests_left(population, params, rng),
        _new_couples(population, params, rng),
    ):
        free = (before[who] < 0) & ~fixed[population.home[who]] & (before[population.first[where]] < 0)
        before[who[free]] = where[free]
        fixed[where[free]] = True
    came = before >= 0
    days = today(params.now) - between(rng, 1, YEAR - 1, population.persons).astype("timedelta64[D]")
    return replace(population, home_before=before, joined=np.where(came, days, np.datetime64("NaT", "D")))


def _some(rows: Index, share: float, of: int, rng: np.random.Generator) -> Index:
    """So many of these rows, by chance: this share of a whole, and at least one while the share is not 0."""
    count = max(1, round(share * of)) if share > 0 else 0
    return np.sort(rng.permutation(rows)[:count])


def _separations(population: Population, params: Params, rng: np.random.Generator) -> tuple[Index, Index]:
    """Half of them of parents (the other parent left), the others of couples without children."""
    couples = int((population.partner >= 0).sum() // 2)
    left, kept = _parents_apart(population)
    parents = _some(np.arange(len(left)), params.change.separations, couples // 2, rng)
    single = np.flatnonzero(of_kinds(population, "single"))
    head = population.first[single]
    of_age = (population.age[head] >= 23) & (population.age[head] < 66) & ~np.isin(head, left)
    he = head[of_age & (population.sex[head] == 1)]
    she = head[of_age & (population.sex[head] == 0)]
    hit = matched(population.age[he] - between(rng, 0, 4, len(he)), population.age[she], rng)
    one, two = he[hit >= 0].astype(np.int64), she[hit[hit >= 0]].astype(np.int64)
    swapped = flip(rng, 0.5, len(one))
    one, two = np.where(swapped, two, one), np.where(swapped, one, two)
    free = population.father[one] < 0  # whoever has parents here may have left their nest
    pairs = _some(np.flatnonzero(free), params.change.separations, couples - couples // 2, rng)
    return np.r_[left[parents], one[pairs]], np.r_[kept[parents], population.home[two[pairs]]]


def _parents_apart(population: Population) -> tuple[Index, Index]:
    """Other parents of separated homes who live without a partner, and the home they may have left."""
    homes = np.flatnonzero(of_kinds(population, "separated"))
    child = population.first[homes] + 1
    youngest = population.age[population.first[homes] + population.size[homes] - 1]
    father, mother = population.father[child], population.mother[child]
    other = np.where((father >= 0) & (population.home[father] != homes), father, mother).astype(np.int64)
    away = (other >= 0) & (population.home[other] != homes) & (population.partner[other] < 0) & (youngest > 0)
    return other[away], homes[away]


def _nests_left(population: Population, params: Params, rng: np.random.Generator) -> tuple[Index, Index]:
    """Young adults with a home of their own who lived with their parents until some day of the year."""
    parent = np.where(population.mother >= 0, population.mother, population.father)
    parents_home = np.where(parent >= 0, population.home[parent], -1)
    young = (population.age >= 18) & (population.age <= NEST_LEFT_UNTIL)
    out = (
        (parents_home >= 0)
        & (parents_home != population.home)
        & of_kinds(population, *OWN_LIFE)[population.home]
    )
    could = np.flatnonzero(young & out)
    who = _some(could, params.change.nests_left, len(could), rng)
    return who, parents_home[who]


def _new_couples(population: Population, params: Params, rng: np.random.Generator) -> tuple[Index, Index]:
    """One of two lived in a shared flat until they moved together."""
    homes = np.flatnonzero(of_kinds(population, "couple"))
    older = np.maximum(population.age[population.first[homes]], population.age[population.first[homes] + 1])
    flats = np.flatnonzero(of_kinds(population, "flat_share"))
    if not len(flats):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    could = homes[older < NEW_COUPLE_UNTIL]
    who = population.first[_some(could, params.change.new_couples, len(could), rng)].astype(np.int64)
    return who, flats[between(rng, 0, len(flats) - 1, len(who))]
