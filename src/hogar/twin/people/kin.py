"""Who of another home matters to this one? Grown-up children, older siblings, the other parent, grandparents near by.

Reads the homes as they were made; returns the population with `father`, `mother`, `elsewhere`, `near`, `other_home`.
Kin is found among those who are here, by age and sex: nobody is added. Called by: population. Next: change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Index, rank_in_group, within
from hogar.twin.chance import between, flip, pick
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.making import AGE_MAX, MOTHER_UNTIL, PARENT_FROM

if TYPE_CHECKING:
    from hogar.twin.people.population import Population

ROUNDS = 6  # of looking for somebody of the right age
OWN_LIFE = ("single", "couple", "flat_share", "group_quarters")
ALL_GROWN = (*OWN_LIFE, "family", "separated", "sole_trader")
GROWN_UNTIL = 57  # so that grown-up children have no grown-up children of their own outside
ALONE_FROM = 62
LEFT_UNTIL = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A home that looks for a child of its own elsewhere, of about this age."""

    home: Index
    father: Index
    mother: Index
    age: Index


def tie_homes(population: Population, params: Params, rng: np.random.Generator) -> Population:
    """Kin across homes: the other parents first, then older siblings, then the children of old people."""
    population = _other_parents(population, params, rng)
    population, _, _ = _children_elsewhere(population, _who_left(population, params, rng), OWN_LIFE, 1, rng)
    population, home, child = _children_elsewhere(
        population, _old(population, params, rng), ALL_GROWN, -1, rng
    )
    return _near(_advisers(population, home, child), home, child, params, rng)


def of_kinds(population: Population, *kinds: str) -> Flags:
    """The homes of these kinds."""
    return np.isin(population.kind, [KINDS.index(kind) for kind in kinds])


def matched(wanted: NDArray[Any], key: NDArray[Any], rng: np.random.Generator) -> Index:
    """For each wish a row of the same key, each row at most once and by chance; -1 where none is left."""
    nth_wish = rank_in_group(wanted, rng.random(len(wanted)))
    nth_row = rank_in_group(key, rng.random(len(key)))
    width = max(len(wanted), len(key)) + 1
    rows = key.astype(np.int64) * width + nth_row
    order = np.argsort(rows, kind="stable")
    asked = wanted.astype(np.int64) * width + nth_wish
    place = np.searchsorted(rows[order], asked)
    found = place < len(rows)
    found[found] = rows[order][place[found]] == asked[found]
    answer = np.full(len(wanted), -1, dtype=np.int64)
    answer[found] = order[place[found]]
    return answer


def _other_parents(population: Population, params: Params, rng: np.random.Generator) -> Population:
    """Separated homes: the other parent is somebody of about that age who lives without, or with a new, partner."""
    homes = np.flatnonzero(of_kinds(population, "separated"))
    head = population.first[homes]
    eldest = population.age[head + 1]  # the eldest child stands next to the parent
    youngest = population.age[head + population.size[homes] - 1]
    latest = youngest + np.where(population.sex[head] == 0, AGE_MAX, MOTHER_UNTIL)
    kind = population.kind[population.home]
    alone = of_kinds(population, "single", "flat_share")[population.home] & (population.partner < 0)
    again = (kind == KINDS.index("couple")) & flip(rng, 0.15, population.persons)
    free = np.flatnonzero((alone | again) & (population.age >= 20) & (population.age <= 70))
    other = np.full(len(homes), -1, dtype=np.int64)
    for _ in range(ROUNDS):
        open_ = np.flatnonzero(other < 0)
        apart = np.rint(rng.normal(0.0, 3.5, len(open_))).astype(np.int64)
        age = np.minimum(population.age[head[open_]] + apart, latest[open_])
        age = np.maximum(age, eldest[open_] + PARENT_FROM + 1)
        wanted = 2 * age + (1 - population.sex[head[open_]])
        found = matched(wanted, 2 * population.age[free] + population.sex[free], rng)
        other[open_[found >= 0]] = free[found[found >= 0]]
        free = np.delete(free, found[found >= 0])
    turns = flip(rng, params.households.every_other_week, len(homes))
    homes, other, turns = homes[other >= 0], other[other >= 0], turns[other >= 0]
    other_of = np.full(population.homes, -1, dtype=np.int64)
    turn_of = np.zeros(population.homes, dtype=bool)
    other_of[homes], turn_of[homes] = other, turns
    theirs = other_of[population.home]
    child = (theirs >= 0) & (np.arange(population.persons) != population.first[population.home])
    he = population.sex[theirs] == 1
    elsewhere = population.elsewhere.copy()
    elsewhere[homes] = np.where(population.onnet[other], other, -1)
    by_turns = child & turn_of[population.home] & (population.age < 18)
    return replace(
        population,
        father=np.where(child & he, theirs, population.father).astype(np.int32),
        mother=np.where(child & ~he, theirs, population.mother).astype(np.int32),
        other_home=np.where(by_turns, population.home[theirs], -1).astype(np.int32),
        elsewhere=elsewhere,
    )


def _who_left(population: Population, params: Params, rng: np.random.Generator) -> _Wish:
    """Families whose eldest child has left: somewhat older than the eldest at home."""
    homes = np.flatnonzero(of_kinds(population, "family"))
    eldest = population.age[population.first[homes] + 2]
    age = eldest + between(rng, 2, 7, len(homes))
    younger = np.minimum(population.age[population.first[homes]], population.age[population.first[homes] + 1])
    right = (age >= 18) & (age <= np.minimum(younger - PARENT_FROM - ROUNDS, LEFT_UNTIL))
    right &= flip(rng, params.households.child_left, len(homes))
    father, mother = _parents(population, homes[right])
    return _Wish(home=homes[right], father=father, mother=mother, age=age[right])


def _old(population: Population, params: Params, rng: np.random.Generator) -> _Wish:
    """Empty nests and old people alone, one wish for each grown-up child."""
    alone = of_kinds(population, "single") & (population.age[population.first] >= ALONE_FROM)
    alone &= flip(rng, params.households.widowed_with_child, population.homes)
    parents = np.r_[population.father, population.mother]
    alone[population.home[parents[parents >= 0]]] = False
    homes = np.flatnonzero(of_kinds(population, "empty_nest") | alone)
    sizes = params.households.nest_children
    children = np.array([int(size) for size in sizes])[pick(rng, list(sizes.values()), len(homes))]
    father, mother = _parents(population, homes)
    he = np.where(father >= 0, population.age[father], AGE_MAX + 20)
    she = np.where(mother >= 0, population.age[mother], AGE_MAX + 20)
    gap = np.clip(np.rint(rng.normal(29.0, 5.0, len(homes))).astype(np.int64), 18, 40)
    eldest = np.minimum(np.minimum(he, she) - PARENT_FROM - 2, np.where(mother >= 0, she, he) - gap)
    of = np.repeat(np.arange(len(homes)), children)
    age = eldest[of] - within(children) * between(rng, 2, 5, len(of))
    age = np.minimum(age, GROWN_UNTIL)
    could = (age >= 19) & ((mother[of] < 0) | (she[of] - age <= MOTHER_UNTIL - ROUNDS))
    of, age = of[could], age[could]
    return _Wish(home=homes[of], father=father[of], mother=mother[of], age=age)


def _parents(population: Population, homes: Index) -> tuple[Index, Index]:
    """Father and mother in each home: of its first member and the partner; one of two men, one of two women."""
    one = population.first[homes].astype(np.int64)
    two = population.partner[one].astype(np.int64)
    he, she = population.sex[one] == 1, (two >= 0) & (population.sex[two] == 0)
    father = np.where(he, one, np.where((two >= 0) & ~she, two, -1))
    mother = np.where(~he, one, np.where(she, two, -1))
    return father, mother


def _children_elsewhere(
    population: Population, wish: _Wish, kinds: tuple[str, ...], sign: int, rng: np.random.Generator
) -> tuple[Population, Index, Index]:
    """Finds the children, and older (sign 1) or younger ones (-1) where none of that age is left.

    Returns the population and, for each child found, the parents' home and the child.
    """
    of_age = (population.age >= 18) & (population.age <= GROWN_UNTIL)
    orphan = (population.father < 0) & (population.mother < 0)
    free = np.flatnonzero(of_age & orphan & of_kinds(population, *kinds)[population.home])
    found = np.full(len(wish.home), -1, dtype=np.int64)
    for nth in range(ROUNDS):
        open_ = np.flatnonzero(found < 0)
        age = wish.age[open_] + sign * between(rng, 0, nth, len(open_))
        hit = matched(age, population.age[free], rng)
        found[open_[hit >= 0]] = free[hit[hit >= 0]]
        free = np.delete(free, hit[hit >= 0])
    home, father, mother = wish.home[found >= 0], wish.father[found >= 0], wish.mother[found >= 0]
    found = found[found >= 0]
    good = _apart_in_age(population, home, found)
    good &= ~_pairs_of_siblings(population, father, mother, found)
    home, father, mother, found = home[good], father[good], mother[good], found[good]
    fathers, mothers = population.father.copy(), population.mother.copy()
    fathers[found], mothers[found] = father, mother
    return replace(population, father=fathers, mother=mothers), home, found


def _apart_in_age(population: Population, home: Index, child: Index) -> Flags:
    """Siblings are born at least ten months apart; of those who were not, the elder stays."""
    order = np.lexsort((population.birth[child], home))
    same = home[order][1:] == home[order][:-1]
    days = np.diff(population.birth[child][order]).astype(np.int64)
    good = np.ones(len(child), dtype=bool)
    good[order[1:][same & (days < 300)]] = False
    return good


def _pairs_of_siblings(population: Population, father: Index, mother: Index, child: Index) -> Flags:
    """Children whose partner, or other parent of their children, would become their sibling."""
    parent = np.where(father >= 0, father, mother)
    of = np.full(population.persons, -1, dtype=np.int64)
    of[child] = parent
    partner = population.partner[child]
    siblings = (partner >= 0) & (of[partner] == parent)
    with_child = (population.father >= 0) & (population.mother >= 0)
    he, she = of[population.father[with_child]], of[population.mother[with_child]]
    wrong = np.zeros(population.persons, dtype=bool)
    wrong[population.mother[with_child][(he >= 0) & (he == she)]] = True
    return np.asarray(siblings | wrong[child])


def _advisers(population: Population, home: Index, child: Index) -> Population:
    """`elsewhere` of an empty nest: its first child who is a customer of ours."""
    served = population.onnet[child] & of_kinds(population, "empty_nest")[home]
    homes, at = np.unique(home[served], return_index=True)
    elsewhere = population.elsewhere.copy()
    elsewhere[homes] = child[served][at]
    return replace(population, elsewhere=elsewhere)


def _near(
    population: Population, home: Index, child: Index, params: Params, rng: np.random.Generator
) -> Population:
    """Some old people live within walking distance of a child who has a family."""
    family = of_kinds(population, "family", "separated")[population.home[child]]
    homes, at = np.unique(home[family], return_index=True)
    close = flip(rng, params.households.near_kin, len(homes))
    near = population.near.copy()
    near[homes[close]] = population.home[child[family][at[close]]]
    return replace(population, near=near)
