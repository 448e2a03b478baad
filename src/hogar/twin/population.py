"""Who lives in this market, and with whom? People in homes, and the kin that ties homes to each other.

Reads the parameters and the wished number of on-net persons; returns persons and homes, by number.
First of all steps; nothing here knows of a telephone but `onnet`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from hogar.twin.chance import between, by_quota, flip, pick
from hogar.twin.parameters import Params

BLOCK = 50  # homes in a row that hold each kind by its share
CHILD_AT_HOME_UNTIL = 24


@dataclass(frozen=True, slots=True)
class Person:
    """One human. `father`, `mother`, `partner` are person numbers, -1 for nobody in this market."""

    number: int
    home: int
    sex: str
    birth: date
    age: int
    onnet: bool
    father: int = -1
    mother: int = -1
    partner: int = -1
    trader: bool = False

    @property
    def adult(self) -> bool:
        return self.age >= 18

    @property
    def stage(self) -> str:
        """The age group that parameters are given by."""
        return "minor" if self.age < 18 else "young" if self.age < 31 else "adult" if self.age < 65 else "old"


@dataclass(frozen=True, slots=True)
class Home:
    """One household: its kind and its members by number, adults first."""

    number: int
    kind: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """All persons and homes; `elsewhere` ties a home to a person of another one who matters to it.

    For an empty nest that is the grown-up child, for a separated parent the other parent.
    """

    persons: tuple[Person, ...]
    homes: tuple[Home, ...]
    elsewhere: Mapping[int, int]


def populate(count: int, params: Params, rng: np.random.Generator) -> Population:
    """Homes until `count` persons are on-net (the last home may overshoot)."""
    draft = _Draft(params, rng)
    kinds = by_quota(rng, params.households.kinds, BLOCK, 2 * count + BLOCK)
    onnet = 0
    while onnet < count:
        onnet += draft.add(kinds[len(draft.homes)])
    return draft.with_kin()


class _Draft:
    """Homes as they are drawn, one after the other; frozen once kin is known."""

    def __init__(self, params: Params, rng: np.random.Generator) -> None:
        self.params, self.rng = params, rng
        self.today = params.now.date()
        self.persons: list[Person] = []
        self.homes: list[Home] = []

    def add(self, kind: str) -> int:
        """Draws one home of this kind; returns how many of its members are on-net."""
        households, first = self.params.households, len(self.persons)
        match kind:
            case "single":
                self._adult(between(self.rng, 22, 88))
            case "couple":
                self._couple(between(self.rng, 23, 62))
            case "empty_nest":
                self._couple(between(self.rng, 52, 76))
            case "family":
                self._family(self._size(households.family_children), 2)
            case "separated":
                self._family(self._size(households.separated_children), 1)
            case "flat_share":
                age = between(self.rng, 19, 38)
                for _ in range(self._size(households.flat_sharers)):
                    self._adult(max(18, age + between(self.rng, -4, 4)), self.params.onnet.flat_sharer)
            case "multi_generation":
                children = between(self.rng, 1, 2)
                self._family(children, 2)
                self._grandparents(first)
            case "sole_trader":
                self._trader(self._size(households.trader_members))
        members = tuple(range(first, len(self.persons)))
        self.persons[first] = replace(self.persons[first], onnet=True)
        self.homes.append(Home(len(self.homes), kind, members))
        return sum(self.persons[number].onnet for number in members)

    def _size(self, shares: Mapping[str, float]) -> int:
        return int(pick(self.rng, shares))

    def _person(self, age: int, sex: str, onnet: float, father: int = -1, mother: int = -1) -> int:
        number = len(self.persons)
        birth = self.today - timedelta(days=int((age + self.rng.random() * 0.999) * 365.2425) + 1)
        self.persons.append(
            Person(number, len(self.homes), sex, birth, age, flip(self.rng, onnet), father, mother)
        )
        return number

    def _adult(self, age: int, onnet: float | None = None, sex: str = "") -> int:
        sex = sex or ("m" if flip(self.rng, 0.49) else "f")
        return self._person(age, sex, self.params.onnet.adult if onnet is None else onnet)

    def _couple(self, age: int) -> tuple[int, int]:
        """A couple; now and then of one sex. Which of the two comes first is chance."""
        gap = self.params.households.couple_gap_years
        other = max(18, age - round(float(self.rng.normal(gap["mean"], gap["sd"]))))
        same = flip(self.rng, 0.02)
        pairs = [(age, "m"), (other, "m" if same else "f")]
        if flip(self.rng, 0.5):
            pairs.reverse()
        one, two = (self._adult(years, sex=sex) for years, sex in pairs)
        self.persons[one] = replace(self.persons[one], partner=two)
        self.persons[two] = replace(self.persons[two], partner=one)
        return one, two

    def _family(self, children: int, parents: int) -> None:
        gap = self.params.households.parent_gap_years
        eldest = between(self.rng, 0, CHILD_AT_HOME_UNTIL)
        parent_age = eldest + int(np.clip(round(float(self.rng.normal(gap["mean"], gap["sd"]))), 17, 48))
        parent_age = max(18, parent_age)
        if parents == 2:
            one, two = self._couple(parent_age)
        else:
            one = two = self._adult(parent_age, sex="f" if flip(self.rng, 0.8) else "m")
        father = next((n for n in (one, two) if self.persons[n].sex == "m"), -1)
        mother = next((n for n in (two, one) if self.persons[n].sex == "f"), -1)
        age = eldest
        for _ in range(children):
            self._child(age, father, mother)
            age = max(0, age - between(self.rng, 1, 4))

    def _child(self, age: int, father: int, mother: int) -> None:
        onnet = self.params.onnet.child if age >= self.params.onnet.sim_from_age else 0.0
        self._person(age, "m" if flip(self.rng, 0.51) else "f", onnet, father, mother)

    def _grandparents(self, first: int) -> None:
        """One or two parents of the home's first parent."""
        age = self.persons[first].age + between(self.rng, 22, 33)
        old = [self._adult(age, sex="f")]
        if flip(self.rng, 0.3):
            old.append(self._adult(age + between(self.rng, 0, 4), sex="m"))
        child = self.persons[first]
        self.persons[first] = replace(child, mother=old[0], father=old[1] if len(old) > 1 else -1)

    def _trader(self, members: int) -> None:
        age = between(self.rng, 28, 62)
        if members == 1:
            one = self._adult(age)
        else:
            one, two = self._couple(age)
            if members == 3:
                child = max(
                    0, min(CHILD_AT_HOME_UNTIL, min(age, self.persons[two].age) - between(self.rng, 21, 36))
                )
                father = one if self.persons[one].sex == "m" else two
                self._child(child, father, two if father == one else one)
        self.persons[one] = replace(self.persons[one], trader=True)

    def with_kin(self) -> Population:
        """Ties homes: grown-up children of empty nests, the other parent of separated homes."""
        elsewhere: dict[int, int] = {}
        free = [
            home.members[0]
            for home in self.homes
            if home.kind in ("single", "couple", "flat_share") and self.persons[home.members[0]].onnet
        ]
        free = [free[i] for i in self.rng.permutation(len(free))]
        for home in self.homes:
            if home.kind == "empty_nest":
                self._tie_child(home, free, elsewhere)
            elif home.kind == "separated":
                self._tie_parent(home, free, elsewhere)
        return Population(tuple(self.persons), tuple(self.homes), elsewhere)

    def _tie_child(self, home: Home, free: list[int], elsewhere: dict[int, int]) -> None:
        one, two = (self.persons[number] for number in home.members)
        father = next((p for p in (one, two) if p.sex == "m"), one)
        mother = two if father is one else one
        youngest = min(one.age, two.age)
        for place, number in enumerate(free):
            child = self.persons[number]
            if 18 <= youngest - child.age <= 45 and child.age >= 20:
                self.persons[number] = replace(child, father=father.number, mother=mother.number)
                elsewhere[home.number] = number
                del free[place]
                return

    def _tie_parent(self, home: Home, free: list[int], elsewhere: dict[int, int]) -> None:
        parent = self.persons[home.members[0]]
        for place, number in enumerate(free):
            other = self.persons[number]
            if other.sex != parent.sex and abs(other.age - parent.age) <= 8 and other.partner < 0:
                for member in home.members[1:]:
                    child = self.persons[member]
                    father, mother = (number, child.mother) if other.sex == "m" else (child.father, number)
                    self.persons[member] = replace(child, father=father, mother=mother)
                elsewhere[home.number] = number
                del free[place]
                return
