"""Which lines are sold as one? Home plans and family plans: one bill's lines, one fee. And plans that do not fit.

Changes the lines that are being signed. A family plan is all of one payer's lines, a grown-up child's elsewhere
among them; some are no family's at all but friends' or colleagues'. After: terms; before: accounts.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags, Index, count_of, rank_in_group
from hogar.twin.contracts.drafts import ALLOWED, MONTHLY, PLACE, take
from hogar.twin.contracts.leaning import Leaning
from hogar.twin.contracts.lines import BROADBAND, POSTPAID, TV, Lines
from hogar.twin.contracts.segments import MISFIT
from hogar.twin.contracts.terms import days_of
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.people.workplaces import Workplaces

YEARS_18 = np.timedelta64(6575, "D")


def bundle(
    lines: Lines, population: Population, leaning: Leaning, pays: Index, rng: np.random.Generator
) -> None:
    """Home plans and family plans of what a home's payer pays; the misfits' plans."""
    homes = population.homes
    draws = rng.random((2, homes))
    private = (lines.kind == POSTPAID) & ~lines.by_business & (lines.payer >= 0)
    group = population.home[np.maximum(lines.payer, 0)]
    private &= pays[group] == lines.payer
    count = count_of(group, homes, private)
    rank = np.full(len(lines), -1)
    rank[private] = rank_in_group(group[private], (lines.home != group)[private])

    fibre = _line_of(lines, homes, (lines.kind == BROADBAND) & (lines.offer != PLACE["ADSL-20"]))
    television = _line_of(lines, homes, (lines.kind == TV) & (lines.offer == PLACE["TV-BASIC"]))
    convergent = (fibre >= 0) & (television >= 0) & (count >= 2) & (draws[0] < leaning.convergent)
    family = ~convergent & (count >= 3) & (draws[1] < leaning.family_plan)
    seats = np.where(convergent, np.where(count >= 4, 4, 2), np.where(count >= 4, 4, 3))
    plan = np.where(
        convergent,
        np.where(seats == 4, PLACE["HOGAR-4"], PLACE["HOGAR-2"]),
        np.where(seats == 4, PLACE["FAM-4"], PLACE["FAM-3"]),
    )
    member = private & (rank < seats[group]) & (convergent | family)[group]
    first = np.where(convergent, fibre, -1)
    heads = np.flatnonzero(member & (rank == 0) & family[group])
    first[group[heads]] = heads
    rows = np.flatnonzero(member)
    fixed = np.concatenate([fibre[convergent], television[convergent]])
    pool_together(
        lines,
        np.concatenate([fixed, rows]),
        first[np.concatenate([lines.home[fixed], group[rows]])],
        plan[np.concatenate([lines.home[fixed], group[rows]])],
    )
    _misfit(lines, leaning)


def share_outside(
    lines: Lines, population: Population, workplaces: Workplaces, leaning: Leaning, params: Params,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Family plans of friends and of colleagues: three or four who live apart, one of whom pays for all."""
    own = (lines.kind == POSTPAID) & (lines.pool < 0) & ~lines.by_business & (lines.payer == lines.user)
    own &= (lines.holder == lines.user) & ~leaning.chosen[np.maximum(lines.home, 0)]
    rows = np.flatnonzero(own & (rng.random(len(lines)) < params.contracts.family_plan_outside))
    user = lines.user[rows]
    work = workplaces.of[user]
    colleague = (work >= 0) & (rng.random(len(rows)) < 0.5)
    # Colleagues by workplace, friends by about the same age; both in random order.
    circle = np.where(colleague, 1000 + work, population.age[user] // 8)
    place = rank_in_group(circle, rng.random(len(rows))) // 3
    key = circle.astype(np.int64) * (len(lines) + 1) + place
    _, group = np.unique(key, return_inverse=True)
    full = np.bincount(group)[group] == 3
    rows, group = rows[full], group[full]
    head = rank_in_group(group, rows) == 0
    first = np.full(int(group.max()) + 1 if len(group) else 0, -1)
    first[group[head]] = rows[head]
    named = rng.random(len(first)) < 0.7
    lines.payer[rows] = lines.user[first[group]]
    other = lines.user[first[group]]
    could = named[group] & (population.birth[other] + YEARS_18 <= lines.started[rows])
    lines.holder[rows[could]] = other[could]
    pool_together(lines, rows, first[group], np.full(len(rows), PLACE["FAM-3"]))


def pool_together(lines: Lines, rows: Index, first: Index, plan: Index) -> None:
    """Puts lines on one plan: one fee, on its `first` line; one commitment; the data of the whole plan."""
    since = days_of(lines.plan_since)
    latest = since.copy()
    np.maximum.at(latest, first, since[rows])
    lines.offer[rows], lines.pool[rows] = plan, first
    lines.fee[rows] = np.where(rows == first, MONTHLY[plan], 0)
    lines.commitment_until[rows] = lines.commitment_until[first]
    lines.plan_since[rows] = latest[first].astype("datetime64[D]")
    mobile = lines.kind[rows] == POSTPAID
    among = np.bincount(first[mobile], minlength=len(lines))[first]
    lines.allowed_gb[rows] = np.where(mobile, np.round(ALLOWED[plan] / np.maximum(among, 1), 1), np.nan)


def _misfit(lines: Lines, leaning: Leaning) -> None:
    """Plans that were signed without a look at the use: one far too big, one too small."""
    rows = np.flatnonzero((lines.kind == POSTPAID) & (lines.segment == MISFIT) & ~lines.by_business)
    if not len(rows):
        return
    home = lines.home[rows]
    rank = rank_in_group(home, lines.gb[rows])
    last = rank == count_of(home, len(leaning.segment))[home] - 1
    step = np.where(last, 3, np.minimum(rank, 3))
    take(lines, rows, np.array([PLACE[name] for name in ("MOB-L", "MOB-M", "MOB-M", "MOB-S")])[step])
    low, high = np.array([1.0, 4.0, 5.0, 5.5]), np.array([2.5, 7.0, 7.0, 7.0])
    lines.gb[rows] = np.clip(lines.gb[rows], low[step], high[step])


def _line_of(lines: Lines, homes: int, where: Flags) -> Index:
    found = np.full(homes, -1, dtype=np.int64)
    rows = np.flatnonzero(where)
    found[lines.home[rows]] = rows
    return found
