"""What are they called? Names by the regime's rule: two surnames, one family name, or partners who keep their own.

Reads the population; returns a name, an id number and an e-mail token per person. After: population.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Flags, Index, Texts
from hogar.twin.chance import between, distinct, flip, pick
from hogar.twin.parameters import Params
from hogar.twin.parameters.people import Names as Rules
from hogar.twin.people.first_names import give
from hogar.twin.people.foreign_lists import ELSEWHERE
from hogar.twin.people.name_lists import LISTS, NameList
from hogar.twin.people.population import MALE, Population
from hogar.twin.people.workplaces import COMPANY, Workplaces

ID_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
TRADES = ("Reformas", "Talleres", "Transportes", "Asesoría", "Construcciones", "Panadería", "Clínica", "Electricidad",
          "Distribuciones", "Instalaciones", "Hostelería", "Jardinería")  # fmt: skip
NATIVE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How persons (by number) and companies (by workplace) are called and known.

    `second` is "" where the rule has one surname. `email` is a number that the silos show as a keyed hash.
    """

    first: Texts
    last: Texts
    second: Texts
    national_id: Texts
    email: Index
    company: Texts  # a workplace; "" where it is no COMPANY
    registration: Texts  # ... and its registration number


def name(population: Population, workplaces: Workplaces, params: Params, rng: np.random.Generator) -> Names:
    """A name per person and company; twins differ in their first names, some sons bear their father's."""
    rules, lists = params.names, _lists(params.names)
    rounds = _generations(population)
    origin = _origins(population, rounds, rules, rng)
    words = np.array([word for own in lists for word in own.surnames], dtype=object)
    born, second, other = _born(population, rounds, origin, lists, rules, rng)
    last = _married(population, origin, lists, words, born, other, rules, rng)
    company, registration = _companies(workplaces, words[: len(lists[NATIVE].surnames)], rng)
    return Names(
        first=give(population, rounds, origin, lists, rules, rng),
        last=last,
        second=np.append(words, "")[second],
        national_id=_national_ids(origin != NATIVE, rng),
        email=distinct(rng, 1 << 48, population.persons),
        company=company,
        registration=registration,
    )


def _lists(rules: Rules) -> tuple[NameList, ...]:
    """The lists by origin: the market's own first."""
    return LISTS[rules.list], *(names for _, names in ELSEWHERE)


def _generations(population: Population) -> list[Index]:
    """The persons by generation: first all without known parents, then their children, and so on."""
    father, mother = population.father, population.mother
    depth = np.zeros(population.persons, dtype=np.int64)
    for _ in range(12):
        deeper = np.maximum(
            np.where(father >= 0, depth[father] + 1, 0), np.where(mother >= 0, depth[mother] + 1, 0)
        )
        if (deeper == depth).all():
            break
        depth = deeper
    return [np.flatnonzero(depth == place) for place in range(int(depth.max(initial=0)) + 1)]


def _origins(population: Population, rounds: list[Index], rules: Rules, rng: np.random.Generator) -> Index:
    """The list of each person: its home's, or of known parents the father's; a native parent makes a native."""
    shares = np.array([share for share, _ in ELSEWHERE])
    of_home = np.where(
        flip(rng, rules.foreign, population.homes), pick(rng, shares, population.homes) + 1, NATIVE
    )
    origin = of_home[population.home]
    for members in rounds[1:]:
        father, mother = population.father[members], population.mother[members]
        one = np.where(father >= 0, origin[father], origin[mother])
        two = np.where(mother >= 0, origin[mother], origin[father])
        origin[members] = np.where(two == NATIVE, NATIVE, one)
    return np.asarray(origin)


def _surnames(origin: Index, lists: tuple[NameList, ...], rng: np.random.Generator) -> Index:
    """A surname per row by its origin's list and law, as a place in all the lists' surnames, joined."""
    found, offset = np.zeros(len(origin), dtype=np.int64), 0
    for place, own in enumerate(lists):
        rows = np.flatnonzero(origin == place)
        found[rows] = offset + pick(rng, own.surname_law.weights(len(own.surnames)), len(rows))
        offset += len(own.surnames)
    return found


def _born(
    population: Population, rounds: list[Index], origin: Index, lists: tuple[NameList, ...], rules: Rules,
    rng: np.random.Generator,
) -> tuple[Index, Index, Index]:  # fmt: skip
    """The surnames at birth (the second is -1 for none), and that of the parent whom nobody here knows.

    Brothers and sisters who know one parent alike have the same unknown one.
    """
    persons = population.persons
    born, second, other = (_surnames(origin, lists, rng) for _ in range(3))
    two = rules.surnames == "two-surnames"
    fathers = rules.surnames != "keep-name" or flip(rng, rules.fathers_name, persons)
    fathers = np.broadcast_to(np.asarray(fathers), (persons,))
    second[(origin != NATIVE) | (not two)] = -1
    for members in rounds[1:]:
        father, mother = population.father[members], population.mother[members]
        his = np.where(father >= 0, born[father], other[mother])
        hers = np.where(mother >= 0, born[mother], other[father])
        takes_his = fathers[np.where(mother >= 0, mother, father)]
        born[members] = np.where(takes_his, his, hers)
        if two:
            second[members] = np.where(origin[members] == NATIVE, hers, -1)
    return born, second, other


def _married(
    population: Population, origin: Index, lists: tuple[NameList, ...], words: Texts, born: Index, other: Index,
    rules: Rules, rng: np.random.Generator,
) -> Texts:  # fmt: skip
    """The family names as they are now: wives' and former wives' by the regime, or by the custom of their origin."""
    persons, partner = population.persons, population.partner
    regime = rules.takes_partners_name if rules.surnames == "one-name" else 0.0
    custom = np.array([regime if own.takes is None else own.takes for own in lists])[origin]
    draws = rng.random(persons)
    alone = np.zeros(persons, dtype=bool)  # mothers of children whose father is not known
    alone[population.mother[(population.mother >= 0) & (population.father < 0)]] = True
    woman = population.sex != MALE
    wife = woman & (partner >= 0) & (population.sex[partner] == MALE)
    his = np.where(wife, born[partner], other)
    joined = rules.hyphenates if rules.surnames == "one-name" else 0.0
    takes = (wife | (woman & alone & (partner < 0))) & (draws < custom)
    both = wife & ~takes & (draws < custom + joined) & (his != born)
    last = words[np.where(takes, his, born)]
    last[both] = [
        f"{hers}-{theirs}" for hers, theirs in zip(words[born[both]], words[his[both]], strict=True)
    ]
    return np.asarray(last)


def _national_ids(foreign: Flags, rng: np.random.Generator) -> Texts:
    """Eight digits and a check letter; foreigners' begin with X, Y or Z in place of the first digit."""
    numbers = distinct(rng, 79_000_000, len(foreign)) + 1_000_000
    strange = np.flatnonzero(foreign)
    numbers[strange] = distinct(rng, 30_000_000, len(strange))
    texts = [f"{number:08d}{ID_LETTERS[number % 23]}" for number in numbers.tolist()]
    for row in strange.tolist():
        texts[row] = "XYZ"[int(texts[row][0])] + texts[row][1:]
    return np.array(texts, dtype=object)


def _companies(workplaces: Workplaces, surnames: Texts, rng: np.random.Generator) -> tuple[Texts, Texts]:
    """Names and registration numbers of companies; "" for other workplaces."""
    count = len(workplaces.kind)
    rows = np.flatnonzero(workplaces.kind == COMPANY)
    trade, owner, form = (between(rng, 0, high, len(rows)) for high in (len(TRADES) - 1, 199, 3))
    numbers = distinct(rng, 90_000_000, len(rows)) + 10_000_000
    company, registration = np.full(count, "", dtype=object), np.full(count, "", dtype=object)
    company[rows] = [
        f"{TRADES[what]} {surnames[who]} {'S.A.' if how == 0 else 'S.L.'}"
        for what, who, how in zip(trade.tolist(), owner.tolist(), form.tolist(), strict=True)
    ]
    registration[rows] = [
        f"{'A' if how == 0 else 'B'}{n}" for how, n in zip(form.tolist(), numbers.tolist(), strict=True)
    ]
    return company, registration
