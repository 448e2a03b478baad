"""Of which homes does a market of any seed hold enough? Four kinds of household that stories are looked for in.

Nothing is planted: a chosen home passes through the same steps as every other, with conditioned parameters
(`Leaning`), as if only such homes had been drawn. Reads people, places; returns who is chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np

from hogar.twin.parameters import Params
from hogar.twin.places import Places
from hogar.twin.population import Home, Person, Population

TRAVELLER, MISFIT, RENEWER, JOINT_BAND = "traveller", "misfit", "renewer", "joint_band"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """Parameters of one home's contracts: shares as in the parameter file, some of them conditioned.

    `focus` is the member whom the condition is about: holds and pays in own name; -1 in homes without.
    """

    broadband: float
    adsl_kept: float
    tv: float
    fixed_voice: float
    convergent: float
    family_plan: float
    one_payer: float
    misfit: float
    second_sim: float
    prepaid: dict[str, float]
    focus: int = -1
    partner_prepaid: bool = False
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Segments:
    """The segment of each chosen home and the member that it is about."""

    of_home: dict[int, str] = field(default_factory=dict)
    focus: dict[int, int] = field(default_factory=dict)

    def chosen(self, segment: str) -> list[int]:
        """The focus persons of a segment, in the order of homes."""
        return [self.focus[home] for home, name in sorted(self.of_home.items()) if name == segment]


def choose(population: Population, places: Places, params: Params, rng: np.random.Generator) -> Segments:
    """Enough homes of each segment among those that could be; the rarest kind is served first."""
    wanted = max(params.segments.at_least, ceil(params.segments.share * len(population.homes)))
    fits: dict[str, Callable[[Home], int]] = {
        JOINT_BAND: lambda home: _empty_nest(population, places, home),
        MISFIT: lambda home: _family_of_lines(population, home),
        TRAVELLER: lambda home: _any_adult(population, home),
        RENEWER: lambda home: _any_adult(population, home),
    }
    if params.consent.traffic == 0:
        del fits[TRAVELLER]  # without traffic consent nobody's trips are known
    segments = Segments()
    order = [population.homes[place] for place in rng.permutation(len(population.homes))]
    for segment, fit in fits.items():
        found = 0
        for home in order:
            if found < wanted and home.number not in segments.of_home and (person := fit(home)) >= 0:
                segments.of_home[home.number] = segment
                segments.focus[home.number] = person
                found += 1
    return segments


def lean(home: Home, segments: Segments, params: Params) -> Leaning:
    """The parameters of one home's contracts."""
    parts, segment = params.contracts, segments.of_home.get(home.number, "")
    usual = Leaning(
        broadband=parts.broadband[home.kind],
        adsl_kept=parts.adsl_kept,
        tv=parts.tv,
        fixed_voice=parts.fixed_voice,
        convergent=parts.convergent,
        family_plan=parts.family_plan,
        one_payer=parts.one_payer[home.kind],
        misfit=parts.misfit,
        second_sim=params.onnet.second_sim,
        prepaid=dict(parts.prepaid),
    )
    focus = segments.focus.get(home.number, -1)
    chosen = replace(usual, segment=segment, focus=focus, convergent=0.0, second_sim=0.0)
    if segment == JOINT_BAND:
        return replace(
            chosen,
            broadband=1.0,
            adsl_kept=1.0,
            tv=0.0,
            fixed_voice=0.0,
            misfit=0.0,
            one_payer=1.0,
            partner_prepaid=True,
        )
    if segment == MISFIT:
        never = dict.fromkeys(parts.prepaid, 0.0)
        return replace(chosen, family_plan=0.0, one_payer=1.0, misfit=1.0, prepaid=never)
    if segment == RENEWER:
        return replace(chosen, family_plan=0.0, one_payer=0.0, broadband=1.0)
    return replace(chosen, family_plan=0.0, one_payer=0.0) if segment == TRAVELLER else usual


def _empty_nest(population: Population, places: Places, home: Home) -> int:
    """A couple, both our customers, fibre at the door, a grown-up child of theirs in another home."""
    one, two = _first_two(population, home)
    if home.kind != "empty_nest" or two is None or not (one.onnet and two.onnet):
        return -1
    if home.number not in population.elsewhere or not places.fibre[places.of_home[home.number].postcode]:
        return -1
    return one.number


def _family_of_lines(population: Population, home: Home) -> int:
    """Parents and children with three or four SIMs of ours."""
    members = [population.persons[number] for number in home.members]
    users = sum(person.onnet for person in members)
    if home.kind not in ("family", "multi_generation") or not 3 <= users <= 4:
        return -1
    return members[0].number


def _any_adult(population: Population, home: Home) -> int:
    first = population.persons[home.members[0]]
    return first.number if first.onnet and first.age < 75 and home.kind != "sole_trader" else -1


def _first_two(population: Population, home: Home) -> tuple[Person, Person | None]:
    first = population.persons[home.members[0]]
    return first, population.persons[home.members[1]] if len(home.members) > 1 else None
