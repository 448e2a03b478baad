"""Do people live as in towns: in houses and blocks, near kin by choice alone, under cells of some hundred homes?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hogar.twin.chance import Chance
from hogar.twin.parameters import KINDS
from hogar.twin.people.places import QUARTERS, settle
from hogar.twin.people.population import populate
from hogar.twin.people.towns import build, choose_postcodes
from hogar.twin.people.workplaces import employ


@pytest.fixture(scope="module")
def settled(params):
    """`settled(persons, seed)`: people, workplaces and places."""

    @cache
    def made(persons=20_000, seed=1):
        chance = Chance(seed)
        people = populate(persons, params, chance)
        work = employ(people, params, chance.stream("workplaces"))
        return people, work, settle(people, work, params, chance.stream("places"))

    return made


@pytest.mark.parametrize(("persons", "seed"), [(100, 1), (2000, 2), (20_000, 3)])
def test_every_home_has_a_dwelling_of_its_own(settled, persons, seed):
    """... and one of years ago, which is another; every number points into its column."""
    people, work, places = settled(persons, seed)
    assert len(np.unique(places.dwelling)) == people.homes
    assert (places.before != places.dwelling).all()
    assert len(places.building) == len(places.unit) > max(places.dwelling.max(), places.before.max())
    assert len(places.street) == len(places.number) == len(places.postcode) == len(places.cell)
    assert places.postcode.max() < len(places.postcodes) == len(places.city) == len(places.fibre)
    assert len(np.unique(places.cell)) == len(places.cell_x) == len(places.cell_y)
    assert len(places.workplace_building) == len(work.kind)
    assert places.workplace_building.max() < len(places.street)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_homes_a_building_have_a_heavy_tail(settled, seed):
    """A third of homes have no neighbour (houses: 34 % in Spain, Eurostat); a tenth or more live in big blocks."""
    _, _, places = settled(20_000, seed)
    dwellings = np.bincount(places.building, minlength=len(places.street))
    of_home = dwellings[places.building[places.dwelling]]
    assert 0.22 < np.mean(of_home == 1) < 0.40
    assert np.mean(of_home >= 20) > 0.10
    assert dwellings.max() > 40
    assert 2.3 < dwellings.mean() < 3.7  # the census of 2011 has 2.6 dwellings a residential building


def test_units_tell_the_homes_of_a_block_apart_but_not_those_of_a_dormitory(settled):
    """Houses and shared quarters have no unit; the units of one building differ; homes of quarters share buildings."""
    people, _, places = settled()
    quarters = people.kind == QUARTERS
    building, unit = places.building, places.unit
    flats = np.flatnonzero(unit != "")
    assert len({(int(building[row]), unit[row]) for row in flats}) == len(flats)
    assert (unit[places.dwelling[quarters]] == "").all()
    sizes = np.bincount(building[places.dwelling[quarters]])
    assert sizes.max() >= 5
    assert not np.isin(building[places.dwelling[~quarters]], building[places.dwelling[quarters]]).any()


def test_buildings_of_a_quarter_are_a_walk_apart(params):
    """Any two within 300 m, so that kin in one quarter live two streets away at most."""
    rng = Chance(1).stream("places")
    codes, towns_of_codes = choose_postcodes(3000, params.places, rng)
    assert len(codes) == len(towns_of_codes)
    town = rng.integers(0, int(towns_of_codes.max()) + 1, 3000)
    towns = build(town, np.zeros(3000, dtype=bool), towns_of_codes, params.places, rng)
    for axis in (towns.x, towns.y):
        middle = [axis[towns.quarter == quarter] for quarter in range(50)]
        assert all(np.ptp(found) <= 0.3 for found in middle if len(found))


@pytest.mark.parametrize("seed", [1, 2])
def test_kin_live_two_streets_away_and_nobody_else_does(settled, seed):
    """Homes that name a near one are in its postcode, not in its building; others are no nearer than chance."""
    people, _, places = settled(20_000, seed)
    building = places.building[places.dwelling]
    postcode = places.postcode[building]
    near = np.flatnonzero((people.near >= 0) & (people.kind != QUARTERS))
    near = near[people.kind[people.near[near]] != QUARTERS]
    assert len(near) > 100
    assert np.mean(postcode[near] == postcode[people.near[near]]) > 0.97
    mutual = people.near[people.near[near]] == near
    assert (building[near] != building[people.near[near]])[~mutual].all()
    assert np.mean(postcode[:-1] == postcode[1:]) < 0.06  # neighbouring rows


def test_cells_serve_some_hundred_homes(settled):
    """100 to 1,000 (Vanhoof), but for a town too small; a cell is in one town."""
    _, _, places = settled(60_000, 1)
    served = np.bincount(places.cell[places.building[places.dwelling]])
    assert np.mean((served >= 100) & (served <= 1000)) > 0.9
    assert 200 < served.mean() < 450
    towns = {(int(cell), city) for cell, city in zip(places.cell, places.city[places.postcode], strict=True)}
    assert len(towns) == len(served)


def test_postcodes_belong_to_one_city_and_most_have_fibre(settled, params):
    """Five digits, each once; as many without fibre as the parameter says."""
    for persons in (100, 2000, 20_000):
        _, _, places = settled(persons, 2 if persons == 2000 else 1)
        assert len(set(places.postcodes)) == len(places.postcodes) >= 6
        assert all(len(code) == 5 and code.isdigit() for code in places.postcodes)
        assert round(len(places.fibre) * (1 - params.places.fibre)) == (~places.fibre).sum()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_some_homes_moved_within_the_year(settled, params, seed):
    """As many as the parameter says, at a day of the last twelve months."""
    _, _, places = settled(20_000, seed)
    moved = ~np.isnat(places.moved)
    assert abs(moved.mean() - params.change.moves) < 0.012
    ago = (np.datetime64(params.now.date()) - places.moved[moved]).astype(int)
    assert ago.min() > 0
    assert ago.max() <= 365


def test_most_people_work_in_their_own_town(settled):
    """Homes settle where one of them works; chance alone would put few there."""
    people, work, places = settled()
    building = places.building[places.dwelling]
    employed = np.flatnonzero(work.of >= 0)
    there = places.city[places.postcode[places.workplace_building[work.of[employed]]]]
    here = places.city[places.postcode[building[people.home[employed]]]]
    assert np.mean(here == there) > 0.4
    assert np.mean(here == np.roll(there, 1000)) < 0.15


def test_places_repeat_with_the_seed(settled, params):
    """The same chance gives the same addresses; other moves leave the buildings as they are."""
    people, work, places = settled(2000, 2)
    again = settle(people, work, params, Chance(2).stream("places"))
    assert (again.street == places.street).all()
    assert (again.unit == places.unit).all()
    none = replace(params, change=replace(params.change, moves=0.0))
    other = settle(people, work, none, Chance(2).stream("places"))
    assert np.isnat(other.moved).all()
    assert (other.dwelling == places.dwelling).all()
    assert KINDS[QUARTERS] == "group_quarters"
