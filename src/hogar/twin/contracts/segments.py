"""Of which homes does a market of any seed hold enough? Four kinds of household that stories are looked for in.

Nothing is planted: a chosen home passes through the same steps as every other, with conditioned parameters
(`leaning.Leaning`), as if only such homes had been drawn. Reads people, places; returns who is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from hogar.twin.arrays import Flags, Ints, Small, count_of
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.places import Places
from hogar.twin.people.population import Population

SEGMENTS = ("", "traveller", "misfit", "renewer", "joint_band")
NONE, TRAVELLER, MISFIT, RENEWER, JOINT_BAND = range(5)

OLD_CUSTOMER = 25  # may have been a customer for six years


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """The segment of each home (0 for none) and the member that it is about (-1)."""

    of_home: Small
    focus: Ints


def choose(population: Population, places: Places, params: Params, rng: np.random.Generator) -> Segments:
    """Enough homes of each segment among those that could be, settled ones first; the rarest kind is served first."""
    wanted = max(params.segments.at_least, ceil(params.segments.share * population.homes))
    fits = {
        JOINT_BAND: _empty_nest(population, places),
        MISFIT: _family_of_lines(population),
        TRAVELLER: _any_adult(population),
        RENEWER: _any_adult(population) & (population.age[population.first] >= OLD_CUSTOMER),
    }
    if params.consent.traffic == 0:
        del fits[TRAVELLER]  # without traffic consent nobody's trips are known
    of_home = np.zeros(population.homes, dtype=np.int8)
    order = rng.permutation(population.homes)
    order = order[np.argsort(~_settled(population, places)[order], kind="stable")]
    for segment, fit in fits.items():
        could = order[fit[order] & (of_home[order] == NONE)]
        of_home[could[:wanted]] = segment
    focus = np.where(of_home > NONE, population.first, -1).astype(np.int32)
    return Segments(of_home=of_home, focus=focus)


def _settled(population: Population, places: Places) -> Flags:
    """Nobody came, left for a while or moved within the year: what the silos say of such a home is of one piece."""
    came = count_of(
        population.home, population.homes, (population.home_before >= 0) | ~np.isnat(population.joined)
    )
    part_time = count_of(population.home, population.homes, population.other_home >= 0)
    return np.asarray((came == 0) & (part_time == 0) & np.isnat(places.moved) & (population.size > 0))


def _empty_nest(population: Population, places: Places) -> Flags:
    """A couple, both our customers, fibre at the door, a grown-up child of theirs in another home."""
    onnet = count_of(population.home, population.homes, population.onnet & population.adult)
    fibre = places.fibre[places.postcode[places.building[places.dwelling]]]
    couple = _kind(population, "empty_nest") & (population.size == 2) & (onnet == 2)
    return np.asarray(couple & (population.elsewhere >= 0) & fibre)


def _family_of_lines(population: Population) -> Flags:
    """Parents and children with three or four SIMs of ours."""
    users = count_of(population.home, population.homes, population.onnet)
    family = _kind(population, "family", "multi_generation") & (users >= 3) & (users <= 4)
    return np.asarray(family & population.onnet[population.first] & population.adult[population.first])


def _any_adult(population: Population) -> Flags:
    """A customer of ours who is not too old to travel, works for somebody else, and has a home of his own."""
    first = population.first
    could = population.onnet[first] & population.adult[first] & (population.age[first] < 75)
    return np.asarray(could & ~population.trader[first] & ~_kind(population, "sole_trader", "group_quarters"))


def _kind(population: Population, *names: str) -> Flags:
    return np.isin(population.kind, [KINDS.index(name) for name in names])
