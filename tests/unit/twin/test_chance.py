"""Does chance repeat, by name and key, and are quotas met and ids silent?"""

from __future__ import annotations

import numpy as np
import pytest

from hogar.twin.chance import Chance, by_quota, distinct, pick, uniform, unique_ids

SEEDS = (1, 2, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_quotas_hold_in_every_block(seed):
    """Each block of homes holds each kind by its share, give or take two for rounding."""
    shares = {"a": 0.5, "b": 0.3, "c": 0.17, "d": 0.03}
    keys = by_quota(Chance(seed).stream("test"), shares, 50, 500)
    assert len(keys) == 500
    for start in range(0, 450, 50):
        found = np.bincount(keys[start : start + 50], minlength=4)
        assert all(abs(found[place] - 50 * share) <= 2 for place, share in enumerate(shares.values()))


def test_streams_do_not_depend_on_each_other():
    """The same name and parts give the same numbers again; another name, part or seed gives others."""
    chance = Chance(3)
    first = chance.stream("a", 1).random()
    assert first == chance.stream("a", 1).random()
    others = (chance.stream("b", 1), chance.stream("a", 2), chance.stream("a"), Chance(4).stream("a", 1))
    assert all(other.random() != first for other in others)


@pytest.mark.parametrize("seed", SEEDS)
def test_ids_are_unique_and_in_no_order(seed):
    """Many ids get more digits; half of the neighbours rise."""
    ids = unique_ids(Chance(seed).stream("ids"), "C", 50_000)
    assert len(set(ids)) == 50_000
    numbers = np.array([int(id[1:]) for id in ids])
    assert abs(np.mean(np.diff(numbers) > 0) - 0.5) < 0.01
    assert len({len(id) for id in unique_ids(Chance(seed).stream("ids"), "C", 600_000)}) == 1


def test_distinct_numbers_can_be_all_that_there_are():
    """Also where nearly every number is wanted."""
    assert sorted(distinct(Chance(1).stream("d"), 50, 50).tolist()) == list(range(50))


@pytest.mark.parametrize("seed", SEEDS)
def test_chance_by_key_is_uniform_and_knows_no_order(seed):
    """Equal keys, equal numbers, in any order and size of the batch; mean, spread and neighbours are as of chance."""
    keys = np.arange(100_000)
    found = uniform(seed, "visit", keys, 7)
    assert (uniform(seed, "visit", keys[::-1], 7)[::-1] == found).all()
    assert float(uniform(seed, "visit", 5, 7)) == found[5]
    assert abs(found.mean() - 0.5) < 0.005
    assert abs(found.var() - 1 / 12) < 0.002
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 0.015
    assert abs(np.corrcoef(found, uniform(seed, "visit", keys, 8))[0, 1]) < 0.015
    assert found.min() >= 0
    assert found.max() < 1


def test_a_pick_follows_the_weights():
    """A weight of 0 is never picked, the others by their share."""
    found = np.bincount(pick(Chance(1).stream("p"), [3, 0, 1], 40_000), minlength=3)
    assert found[1] == 0
    assert abs(found[0] / 40_000 - 0.75) < 0.01
