"""Are the ten hard cases there in a market of 2,000 persons, whatever the seed, and is each as hard as its name?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from hogar.cli.twin_files import default_params
from hogar.twin.calendar import last_month
from hogar.twin.cases import CASES
from hogar.twin.chance import Chance
from hogar.twin.traffic.day import day_of_use
from hogar.twin.world import World, draw

SEEDS = (1, 2, 3)
PERSONS = 2000


@cache
def world(seed: int, persons: int = PERSONS) -> World:
    return draw(persons, default_params(), Chance(seed))


def cases(name: str, seed: int):
    """The world, and each case's persons and lines."""
    found = CASES[name](world(seed))
    assert found.count > 0, name
    assert np.all(np.diff(found.number) >= 0)
    return world(seed), [
        (found.person[found.number == number], found.line[found.number == number])
        for number in range(found.count)
    ]


def test_there_are_ten():
    """As many as the brief of the twin names."""
    assert len(CASES) == 10


@pytest.mark.parametrize("seed", SEEDS)
def test_separated_parents_share_children_and_no_address(seed):
    """The children of one home spend every other week in the other parent's."""
    made, found = cases("separated_parents", seed)
    people, places = made.population, made.places
    assert len(found) >= 3
    for persons, _ in found:
        here, there = people.home[persons[0]], people.home[persons[-1]]
        assert here != there
        assert persons[-1] == people.elsewhere[here]
        assert places.dwelling[here] != places.dwelling[there]
        assert (people.other_home[persons] == there).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_best_friends_call_nearly_every_day(seed):
    """They live apart; half of them call on 20 of 28 days and more, nine in ten on 18 and more."""
    made, found = cases("best_friends", seed)
    lines = np.array([lines for _, lines in found])
    for persons, _ in found:
        assert made.population.home[persons[0]] != made.population.home[persons[1]]
    of_pair = {(one, other): place for place, (one, other) in enumerate(np.sort(lines, axis=1).tolist())}
    wanted = np.array([
        of_pair.get(pair, -1) for pair in zip(made.pairs.one.tolist(), made.pairs.other.tolist(), strict=True)
    ])  # fmt: skip
    days = np.zeros(len(found), dtype=np.int64)
    window = last_month(made.params.now)
    for day in window:
        used = day_of_use(made, day, Chance(seed).stream("xdr", int(day.astype(np.int64))))
        called = np.unique(wanted[used.pair[used.calls > 0]])
        days[called[called >= 0]] += 1
    assert len(found) >= 3
    assert np.mean(days >= 18) > 0.9, f"of 28 days: {np.sort(days)}"
    assert np.median(days) >= 20


@pytest.mark.parametrize("seed", SEEDS)
def test_a_grandmother_lives_two_streets_away_with_the_same_surname(seed):
    """Another building of the same postcode; a member of the other home bears her surname, and both are ours."""
    made, found = cases("grandmother_two_streets_away", seed)
    people, places, names = made.population, made.places, made.names
    assert len(found) >= 3
    building = places.building[places.dwelling]
    for persons, _ in found:
        hers, other = persons[0], persons[1]
        assert people.age[hers] >= 60
        assert people.home[hers] != people.home[other]
        assert names.last[hers] in (names.last[other], names.second[other])
        one, two = building[people.home[hers]], building[people.home[other]]
        assert one != two
        assert places.postcode[one] == places.postcode[two]
        assert people.onnet[persons].all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_student_flat_is_one_address_and_no_kin(seed):
    """Three young people and more, no two of whom have a parent or a surname pair in common."""
    made, found = cases("student_flat", seed)
    people, names = made.population, made.names
    assert len(found) >= 3
    for persons, _ in found:
        assert len(persons) >= 3
        assert people.age[persons].max() <= 30
        assert len({(names.last[person], names.second[person]) for person in persons}) > 1
        parents = [parent for parent in people.mother[persons] if parent >= 0]
        assert len(set(parents)) == len(parents)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_corner_shop_fills_many_homes_balances(seed):
    """At 2,000 persons its card fills 30 SIMs and more, of 25 homes and more."""
    made, found = cases("corner_shop", seed)
    persons, lines = max(found, key=lambda case: len(case[1]))
    assert len(np.unique(lines)) >= 30
    assert len(np.unique(made.population.home[persons])) >= 25


def test_a_corner_shop_of_a_bigger_market_fills_200_sims():
    """At 10,000 persons the biggest tops up 200 SIMs and more."""
    found = CASES["corner_shop"](world(1, 10_000))
    assert np.bincount(found.number).max() >= 200


@pytest.mark.parametrize("seed", SEEDS)
def test_devices_of_unrelated_people_pass_a_dealers_sim(seed):
    """Devices that were in the dealer's SIM are used in lines of several homes."""
    made, found = cases("phone_dealer", seed)
    persons, lines = max(found, key=lambda case: len(case[1]))
    assert lines[0] in made.devices.dealers
    assert len(np.unique(made.population.home[persons[1:]])) >= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_twins_differ_in_nothing_but_first_names(seed):
    """Same mother, birthday, home and surnames; other first names."""
    made, found = cases("twins", seed)
    people, names = made.population, made.names
    for persons, _ in found:
        one, other = persons
        assert people.mother[one] == people.mother[other] >= 0
        assert people.birth[one] == people.birth[other]
        assert people.home[one] == people.home[other]
        assert names.last[one] == names.last[other]
        assert names.first[one] != names.first[other]
        assert names.national_id[one] != names.national_id[other]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_father_and_a_son_bear_one_name(seed):
    """First name and surname are the same, both are grown up and ours; id and birthday differ."""
    made, found = cases("father_and_son_of_one_name", seed)
    people, names = made.population, made.names
    for persons, _ in found:
        father, son = persons
        assert people.father[son] == father
        assert (names.first[father], names.last[father]) == (names.first[son], names.last[son])
        assert people.age[son] >= 18
        assert names.national_id[father] != names.national_id[son]
        assert people.birth[father] != people.birth[son]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_company_pool_is_used_by_several_homes(seed):
    """One company holds and pays four SIMs and more; their users live in several homes."""
    made, found = cases("company_pool", seed)
    lines_of = made.contracts.lines
    for persons, lines in found:
        assert len(lines) >= 4
        assert len(np.unique(lines_of.company[lines])) == 1
        assert lines_of.by_business[lines].all()
        users = persons[persons >= 0]
        assert len(np.unique(made.population.home[users])) >= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_home_moves_within_the_window(seed):
    """It lived elsewhere before, and its cells changed on that day; two users and more are ours."""
    made, found = cases("moved_mid_window", seed)
    people, places, where = made.population, made.places, made.whereabouts
    for persons, _ in found:
        home = people.home[persons[0]]
        assert (people.home[persons] == home).all()
        assert people.onnet[persons].sum() >= 2
        assert places.dwelling[home] != places.before[home]
        assert (where.changed[persons] == places.moved[home]).all()
