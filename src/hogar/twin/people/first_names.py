"""What were they christened? Names in fashion when they were born; some after a parent, no two alike among siblings.

Reads people, their generations in the family and their origins; returns first names. Called by: names.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags, Index, Ints, Texts
from hogar.twin.chance import flip, pick
from hogar.twin.parameters.people import Names as Rules
from hogar.twin.people.name_lists import GENERATIONS, NameList
from hogar.twin.people.population import MALE, Population


def give(
    population: Population, rounds: list[Index], origin: Index, lists: tuple[NameList, ...], rules: Rules,
    rng: np.random.Generator,
) -> Texts:  # fmt: skip
    """First names: brothers and sisters have different ones, and some children their father's or mother's."""
    man = population.sex == MALE
    women = np.array([word for own in lists for word in own.women], dtype=object)
    men = np.array([word for own in lists for word in own.men], dtype=object)
    generation = np.searchsorted(
        GENERATIONS, population.birth.astype("datetime64[Y]").astype(int) + 1970, side="right"
    )
    chosen = np.zeros(population.persons, dtype=np.int64)
    for members in rounds:
        father, mother = population.father[members], population.mother[members]
        model = np.where(man[members], father, mother)
        after = (model >= 0) & flip(
            rng, np.where(man[members], rules.named_after, rules.named_after / 2), len(members)
        )
        drawn = np.where(
            after, chosen[model], _first(origin[members], man[members], generation[members], lists, rng)
        )
        parent = np.where(mother >= 0, mother, father)
        for _ in range(20):
            again = (parent >= 0) & _repeated(parent, man[members], drawn, after)
            if not again.any():
                break
            after = after & ~again
            rows = members[again]
            drawn[again] = _first(origin[rows], man[rows], generation[rows], lists, rng)
        chosen[members] = drawn
    return np.where(man, men[np.where(man, chosen, 0)], women[np.where(man, 0, chosen)])


def _first(
    origin: Index, man: Flags, generation: Index, lists: tuple[NameList, ...], rng: np.random.Generator
) -> Index:
    """A first name per row, as a place in all the lists' names of its sex, joined."""
    found = np.zeros(len(origin), dtype=np.int64)
    for kind, sex in (("women", False), ("men", True)):
        offset = 0
        for place, own in enumerate(lists):
            for time in range(len(GENERATIONS) + 1):
                rows = np.flatnonzero((man == sex) & (origin == place) & (generation == time))
                found[rows] = offset + pick(rng, own.first_weights(kind, time), len(rows))
            offset += len(getattr(own, kind))
    return found


def _repeated(parent: Ints, man: Flags, drawn: Index, after: Flags) -> Flags:
    """Who bears a sibling's name: all but the first of each, one named after a parent before the others."""
    order = np.lexsort((~after, drawn, man, parent))
    found = np.zeros(len(order), dtype=bool)
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in (parent, man, drawn):
        same &= column[order][1:] == column[order][:-1]
    found[order[1:]] = same
    return found
