"""Where do they work and learn? Workplaces of heavy-tailed size, small companies among them that are customers.

Reads the population; returns columns of workplaces and each person's own. After: population.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Floats, Index, Ints, Small, one_of_each
from hogar.twin.chance import between, flip
from hogar.twin.parameters import AGES, KINDS, Params
from hogar.twin.people.population import Population

EMPLOYER, COMPANY, SCHOOL = 0, 1, 2  # COMPANY: small, and a customer of ours with lines in its own name
COMPANY_MIN, COMPANY_MAX = 3, 30
COMPANY_FOR_SURE = 500  # persons from which on a market has a company among its customers
PUPIL_FROM, SECONDARY_FROM, STUDENT_UNTIL = 3, 12, 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplaces:
    """Workplaces by number. `of` is each person's (employed adults, pupils, students), -1 for none.

    Of a COMPANY: the signatory (legal representative), the office manager and the ICT agent, by person; all three
    work there and may be one person.
    """

    of: Ints  # a person
    kind: Small  # a workplace
    signatory: Ints
    manager: Ints
    ict: Ints
    lines_wanted: Ints  # size of a COMPANY's pool of SIMs; 0 for others


def employ(population: Population, params: Params, rng: np.random.Generator) -> Workplaces:
    """A workplace per employed adult, a school per pupil; traders and the old have none."""
    of = np.full(population.persons, -1, dtype=np.int32)
    schools = _learn(of, population, params, rng)
    size = _work(of, schools, population, params, rng)
    count = schools + len(size)
    kind = np.full(count, EMPLOYER, dtype=np.int8)
    kind[:schools] = SCHOOL
    company = schools + _customers(size, population.persons, params, rng)
    kind[company] = COMPANY
    wanted = np.zeros(count, dtype=np.int32)
    wanted[company] = between(rng, 2, size[company - schools], len(company))
    signatory, manager, ict = _officers(of, kind, population, rng)
    return Workplaces(of=of, kind=kind, signatory=signatory, manager=manager, ict=ict, lines_wanted=wanted)


def _learn(of: Ints, population: Population, params: Params, rng: np.random.Generator) -> int:
    """Pupils (the children of a home go to one school) and students; returns the number of schools."""
    age, kind = population.age, population.kind[population.home]
    young = (age >= 18) & (age < STUDENT_UNTIL)
    dormitory = young & (kind == KINDS.index("group_quarters"))
    studies = young & (flip(rng, params.work.studies, population.persons) | dormitory) & ~population.trader
    schools = 0
    for who, together, each in (
        ((age >= PUPIL_FROM) & (age < SECONDARY_FROM), True, params.work.pupils_per_school),
        ((age >= SECONDARY_FROM) & (age < 18), True, params.work.pupils_per_school),
        (studies, False, params.work.students_per_school),
    ):
        count = max(1, round(int(who.sum()) / each))
        drawn = between(
            rng, schools, schools + count - 1, population.homes if together else population.persons
        )
        of[who] = (drawn[population.home] if together else drawn)[who]
        schools += count
    return schools


def _work(of: Ints, schools: int, population: Population, params: Params, rng: np.random.Generator) -> Index:
    """Employees, dealt out to employers whose sizes follow a power law; returns the sizes."""
    share = np.array([params.work.employed[age] for age in AGES])[population.stage]
    employed = flip(rng, share, population.persons) & (of < 0) & population.adult & ~population.trader
    staff = rng.permutation(np.flatnonzero(employed))
    most = max(COMPANY_MAX, min(params.work.size_max, len(staff) // 20))
    drawn = rng.random(len(staff))
    size = np.minimum(np.maximum(drawn, 1e-12) ** (-1 / params.work.size_tail), most).astype(np.int64)
    upto = np.cumsum(size)
    size = size[: int(np.searchsorted(upto, len(staff))) + 1]
    if len(size):
        size[-1] -= size.sum() - len(staff)
    of[staff] = schools + np.repeat(np.arange(len(size)), size)
    return size


def _customers(size: Index, persons: int, params: Params, rng: np.random.Generator) -> Index:
    """Small companies that are customers of ours."""
    small = np.flatnonzero((size >= COMPANY_MIN) & (size <= COMPANY_MAX))
    wish = params.work.company_customers
    count = round(wish * len(small))
    if wish > 0 and persons >= COMPANY_FOR_SURE:
        count = max(1, count)
    return np.sort(rng.permutation(small)[:count])


def _officers(
    of: Ints, kind: Small, population: Population, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Who signs, manages and advises in each company: the boss is rather old, and often does more than one of these."""
    staff = np.flatnonzero(of >= 0)
    staff = staff[kind[of[staff]] == COMPANY]
    age = population.age[staff]
    ours = np.where(
        population.onnet[staff], 4.0, 1.0
    )  # who brought the company here is rather a customer, too

    def one(weight: Floats) -> Index:
        found = one_of_each(of[staff], weight, rng.random(len(staff)), len(kind))
        return np.where(found >= 0, staff[found] if len(staff) else -1, -1)

    signatory = one(ours * np.where(age >= 35, 3.0, 1.0))
    manager = one(ours)
    ict = one(ours * np.where(age < 45, 3.0, 1.0))
    manager = np.where(flip(rng, 0.4, len(kind)), signatory, manager)
    ict = np.where(flip(rng, 0.3, len(kind)), manager, ict)
    return signatory.astype(np.int32), manager.astype(np.int32), ict.astype(np.int32)
