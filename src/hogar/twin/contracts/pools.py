"""What do small companies hold? A pool of SIMs in the company's name, used by those who work there, and spares.

Reads workplaces; returns a block of lines, without terms. A work phone is mostly a second SIM, sometimes the only one.
After: leaning; before: private lines.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Index, rank_in_group
from hogar.twin.contracts.drafts import PLACE, blank, take
from hogar.twin.contracts.leaning import Leaning
from hogar.twin.contracts.lines import POSTPAID, Lines
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.people.tastes import Tastes
from hogar.twin.people.workplaces import COMPANY, Workplaces


def equip_companies(
    population: Population, workplaces: Workplaces, tastes: Tastes, leaning: Leaning, params: Params,
    rng: np.random.Generator,
) -> tuple[Lines, Index]:  # fmt: skip
    """The companies' lines, and the persons who use theirs as their only one.

    The signatory holds and pays for the company. SIMs that find no user stay in a drawer, some of them.
    """
    parts = params.contracts
    company = (workplaces.kind == COMPANY) & (workplaces.signatory >= 0)
    wanted = np.where(company, workplaces.lines_wanted, 0)
    of = workplaces.of
    works = (of >= 0) & population.onnet & population.adult & ~leaning.chosen[population.home]
    staff = np.flatnonzero(works & (wanted[np.maximum(of, 0)] > 0))
    rank = rank_in_group(of[staff], rng.random(len(staff)))
    staff = staff[rank < wanted[of[staff]]]
    staff_draws = rng.random((2, len(staff)))
    used = np.bincount(of[staff], minlength=len(wanted))
    spare = np.repeat(np.arange(len(wanted)), wanted - used)
    spare = spare[rng.random(len(spare)) < parts.company_spare]

    place = np.concatenate([of[staff], spare])
    lines = blank(len(place), POSTPAID)
    lines.user[: len(staff)], lines.home[: len(staff)] = staff, population.home[staff]
    lines.company[:] = place
    lines.holder[:] = lines.payer[:] = workplaces.signatory[place]
    lines.by_business[:] = True
    lines.gb[: len(staff)] = np.exp(0.8 + 0.5 * tastes.data[staff] + 0.5 * rng.standard_normal(len(staff)))
    offers = np.where(rng.random(len(place)) < 0.6, PLACE["MOB-M"], PLACE["MOB-S"])
    offers[len(staff) :] = PLACE["MOB-S"]
    take(lines, np.arange(len(place)), offers)
    return lines, staff[staff_draws[0] < parts.company_only]
