"""What does a home of each kind look like inside? Slots of up to nine members, drawn kind by kind, all homes at once.

Reads the kind of every home; returns a `Draft`. Slot 0 is an adult. Called by: population. Next: kin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from hogar.twin.arrays import Flags, Index
from hogar.twin.calendar import today
from hogar.twin.chance import between, flip, pick
from hogar.twin.parameters import KINDS, Params
from hogar.twin.parameters.people import Households
from hogar.twin.people.draft import CHILDREN, SLOTS, Draft, adults_first, empty, give_birthdays

CHILD_AT_HOME_UNTIL = 24
PARENT_FROM, MOTHER_UNTIL = 16, 48
AGE_MAX = 99


def make(kind: Index, params: Params, rng: np.random.Generator) -> Draft:
    """Every home's members; adults stand before minors, and who is absent comes last."""
    draft = empty(kind)
    for place, name in enumerate(KINDS):
        MAKERS[name](draft, np.flatnonzero(kind == place), params.households, rng)
    give_birthdays(draft, today(params.now), rng)
    return adults_first(draft)


def _single(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    _adult(draft, homes, 0, _from_bands(households.single_ages, len(homes), rng), rng)


def _couple(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    _pair(draft, homes, between(rng, 23, 62, len(homes)), households, rng)


def _empty_nest(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    _pair(draft, homes, _from_bands(households.nest_ages, len(homes), rng), households, rng)


def _family(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    _parents_and_children(
        draft, homes, _sizes(households.family_children, len(homes), rng), True, households, rng
    )


def _separated(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    children = _sizes(households.separated_children, len(homes), rng)
    _parents_and_children(draft, homes, children, False, households, rng)


def _flat_share(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    sharers = _sizes(households.flat_sharers, len(homes), rng)
    students = flip(rng, households.student_flats, len(homes))
    middle = np.where(students, between(rng, 19, 23, len(homes)), between(rng, 22, 38, len(homes)))
    spread = np.where(students, 2, 4)
    for slot in range(SLOTS):
        age = np.maximum(18, middle + between(rng, -spread, spread, len(homes)))
        some = sharers > slot
        _adult(draft, homes[some], slot, age[some], rng)


def _multi_generation(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    _parents_and_children(draft, homes, between(rng, 1, 2, len(homes)), True, households, rng)
    age = np.minimum(draft.age[homes, 0] + between(rng, 22, 33, len(homes)), AGE_MAX - 4)
    _adult(draft, homes, 2, age, rng, np.zeros(len(homes), dtype=bool))
    both = flip(rng, households.both_grandparents, len(homes))
    older = (age + between(rng, 0, 4, len(homes)))[both]
    two = homes[both]
    _adult(draft, two, 3, older, rng, np.ones(len(two), dtype=bool))
    draft.partner[two, 2], draft.partner[two, 3] = 3, 2
    draft.mother[homes, 0] = 2
    draft.father[two, 0] = 3


def _group_quarters(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    old = flip(rng, households.care_homes, len(homes))
    age = np.where(old, between(rng, 74, 96, len(homes)), between(rng, 18, 24, len(homes)))
    _adult(draft, homes, 0, age, rng)


def _sole_trader(draft: Draft, homes: Index, households: Households, rng: np.random.Generator) -> None:
    members = _sizes(households.trader_members, len(homes), rng)
    age = between(rng, 28, 62, len(homes))
    _adult(draft, homes, 0, age, rng)
    _pair(draft, homes[members > 1], age[members > 1], households, rng)
    three = homes[members > 2]
    younger = np.minimum(draft.age[three, 0], draft.age[three, 1])
    child = np.clip(younger - between(rng, 21, 36, len(three)), 0, CHILD_AT_HOME_UNTIL)
    one = np.ones(len(three), dtype=np.int64)
    _children(
        draft,
        three,
        np.repeat(child[:, None], SLOTS - CHILDREN, axis=1),
        np.zeros((len(three), SLOTS - CHILDREN), dtype=bool),
        one,
        rng,
    )
    draft.trader[homes, 0] = True


MAKERS: Mapping[str, Callable[[Draft, Index, Households, np.random.Generator], None]] = {
    "single": _single,
    "couple": _couple,
    "empty_nest": _empty_nest,
    "family": _family,
    "separated": _separated,
    "flat_share": _flat_share,
    "multi_generation": _multi_generation,
    "group_quarters": _group_quarters,
    "sole_trader": _sole_trader,
}


def _adult(
    draft: Draft, homes: Index, slot: int, age: Index, rng: np.random.Generator, male: Flags | None = None
) -> None:
    draft.present[homes, slot] = True
    draft.age[homes, slot] = age
    draft.male[homes, slot] = flip(rng, 0.49, len(homes)) if male is None else male


def _pair(draft: Draft, homes: Index, age: Index, households: Households, rng: np.random.Generator) -> None:
    """A couple in slots 0 and 1; now and then of one sex. Which of the two comes first is chance."""
    count = len(homes)
    gap = households.couple_gap_years
    # a Laplace distribution: most gaps are small, some are wide, as in INE's survey of 2019
    years = np.rint(rng.laplace(gap["mean"], gap["sd"] / np.sqrt(2), count)).astype(np.int64)
    other = np.clip(age - years, 18, AGE_MAX)
    same = flip(rng, households.same_sex, count)
    he = np.where(same, flip(rng, 0.5, count), True)
    she = np.where(same, he, False)
    swapped = flip(rng, 0.5, count)
    _adult(draft, homes, 0, np.where(swapped, other, age), rng, np.where(swapped, she, he))
    _adult(draft, homes, 1, np.where(swapped, age, other), rng, np.where(swapped, he, she))
    draft.partner[homes, 0], draft.partner[homes, 1] = 1, 0


def _parents_and_children(
    draft: Draft,
    homes: Index,
    children: Index,
    couple: bool,
    households: Households,
    rng: np.random.Generator,
) -> None:
    gap = households.parent_gap_years
    spacing, twin = _spacing(children, households, rng)
    eldest, least = _from_bands(households.eldest_ages, len(homes), rng), spacing.sum(axis=1)
    eldest = np.where(eldest < least, least + between(rng, 0, 6, len(homes)), eldest)
    years = np.clip(np.rint(rng.normal(gap["mean"], gap["sd"], len(homes))).astype(np.int64), 17, 48)
    if couple:
        _pair(draft, homes, eldest + years, households, rng)
    else:
        _adult(draft, homes, 0, eldest + years, rng, flip(rng, households.father_stays, len(homes)))
    for slot in range(1 + couple):
        draft.age[homes, slot] = np.maximum(draft.age[homes, slot], np.maximum(18, eldest + PARENT_FROM))
    _children(draft, homes, eldest[:, None] - np.cumsum(spacing, axis=1), twin, children, rng)


def _spacing(children: Index, households: Households, rng: np.random.Generator) -> tuple[Index, Flags]:
    """Years between a child and the one before it, as [home, child]; 0 for the eldest and for twins."""
    shape = (len(children), SLOTS - CHILDREN)
    later = (np.arange(shape[1]) > 0) & (np.arange(shape[1]) < children[:, None])
    # `twins` is a share of all births; of those that follow another one at home it is so much more
    share = households.twins * children.sum() / max(1.0, later.sum() * (1 + households.twins))
    twin = (rng.random(shape) < share) & later
    years = 1 + (rng.random(shape) * 4).astype(np.int64)
    return np.where(later & ~twin, years, 0), twin


def _children(
    draft: Draft, homes: Index, ages: Index, twin: Flags, children: Index, rng: np.random.Generator
) -> None:
    """Children of slots 0 and 1 (where present), by age as [home, child]."""
    youngest = np.where(np.arange(ages.shape[1]) < children[:, None], ages, AGE_MAX).min(axis=1)
    for slot in (0, 1):
        late = np.where(draft.male[homes, slot], AGE_MAX, youngest + MOTHER_UNTIL)
        draft.age[homes, slot] = np.minimum(draft.age[homes, slot], late)
    two = draft.present[homes, 1]
    male = draft.male[homes, :2]
    father = np.where(male[:, 0], 0, np.where(two & male[:, 1], 1, -1))
    mother = np.where(two & ~male[:, 1], 1, np.where(~male[:, 0], 0, -1))
    boy = np.zeros(len(homes), dtype=bool)
    for nth in range(SLOTS - CHILDREN):
        alike = twin[:, nth] & flip(rng, 1 / 3, len(homes))  # identical twins
        boy = np.where(alike, boy, flip(rng, 0.51, len(homes)))
        some = children > nth
        slot = CHILDREN + nth
        _adult(draft, homes[some], slot, ages[some, nth], rng, boy[some])
        draft.twin[homes[some], slot] = twin[some, nth]
        draft.father[homes[some], slot] = father[some]
        draft.mother[homes[some], slot] = mother[some]


def _sizes(shares: Mapping[str, float], count: int, rng: np.random.Generator) -> Index:
    return np.array([int(size) for size in shares])[pick(rng, list(shares.values()), count)]


def _from_bands(shares: Mapping[str, float], count: int, rng: np.random.Generator) -> Index:
    """Ages from bands `{18 = 0.1, 25 = 0.9}`: the key is a band's first age; the last one lasts ten years."""
    lows = np.array([int(low) for low in shares])
    highs = np.append(lows[1:] - 1, lows[-1] + 9)
    band = pick(rng, list(shares.values()), count)
    return between(rng, lows[band], highs[band], count)
