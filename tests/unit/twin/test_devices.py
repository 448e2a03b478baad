"""Which phones do they hold, who gets the old ones, and what passes through a dealer's SIM?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from hogar.cli.twin_files import default_params
from hogar.twin.behaviour.devices import DeviceUses
from hogar.twin.behaviour.leaving import last_sign
from hogar.twin.behaviour.models import bought, catalogue
from hogar.twin.calendar import today
from hogar.twin.chance import Chance
from hogar.twin.contracts.segments import RENEWER
from hogar.twin.world import World, draw

SEEDS = [1, 2]
PARAMS = default_params()
TODAY = today(PARAMS.now)


@cache
def world(persons: int, seed: int) -> World:
    return draw(persons, PARAMS, Chance(seed))


def handovers(made: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(giver's line, taker's line, whether a dealer had it) for each phone that was used in one line, then another."""
    devices = made.devices
    long = (devices.last - devices.first).astype(int) > 6
    order = np.lexsort((devices.first[long], devices.device[long]))
    device, line = devices.device[long][order], devices.line[long][order]
    again = device[1:] == device[:-1]
    dealt = np.unique(devices.device[shown(devices)])
    return line[:-1][again], line[1:][again], np.isin(device[1:][again], dealt)


def shown(devices: DeviceUses) -> np.ndarray:
    """Rows in which a phone was in a dealer's SIM for a day or two."""
    return np.isin(devices.line, devices.dealers) & ((devices.last - devices.first).astype(int) <= 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_used_mobile_line_is_in_a_phone_within_its_life(seed):
    """From its first day on the latest to its last sign of life; a model is bought when it is on the market."""
    made = world(5000, seed)
    lines, devices = made.contracts.lines, made.devices
    used = np.flatnonzero(lines.mobile & (lines.user >= 0))
    np.testing.assert_array_equal(np.unique(devices.line), used)
    last = last_sign(lines, PARAMS)
    assert (devices.first <= devices.last).all()
    assert (devices.first >= lines.started[devices.line]).all()
    assert (devices.last <= last[devices.line]).all()
    latest = np.full(len(lines), np.datetime64("1900-01-01"))
    np.maximum.at(latest, devices.line, devices.last)
    np.testing.assert_array_equal(latest[used], last[used])
    first = np.full(2 * devices.device.max() + 2, np.datetime64("2100-01-01"))
    np.minimum.at(first, devices.device, devices.first)
    assert (devices.released[devices.model] <= first[devices.device]).all()
    models = np.full(devices.device.max() + 1, -1)
    models[devices.device] = devices.model
    np.testing.assert_array_equal(models[devices.device], devices.model)


@pytest.mark.parametrize("seed", SEEDS)
def test_phones_are_as_old_as_the_parameter_says(seed):
    """Twenty-two months on the mean, where the line is old enough: assumed."""
    made = world(20000, seed)
    lines, devices = made.contracts.lines, made.devices
    old = lines.living & (lines.started < TODAY - 3000) & (lines.segment == 0)
    current = np.flatnonzero(
        (devices.device < len(lines)) & (devices.device == devices.line) & old[devices.line]
    )
    months = (TODAY - devices.first[current]).astype(int) / 30.44
    assert abs(months.mean() - PARAMS.devices.age_months) < 3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_renewer_kept_the_phone_for_nearly_three_years(seed):
    """Thirty-two to forty-six months, and no other phone since."""
    made = world(2000, seed)
    lines, devices = made.contracts.lines, made.devices
    focus = np.flatnonzero(lines.focus & (lines.segment == RENEWER))
    assert len(focus) >= 10
    now = np.isin(devices.line, focus) & (devices.last == TODAY)
    assert now.sum() == len(focus)
    months = (TODAY - devices.first[now]).astype(int) / 30.44
    assert months.min() >= 31.9
    assert months.max() <= 46.1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fifth_of_old_phones_is_handed_down_mostly_at_home(seed):
    """20 % went to family or friends (OnePoll/SellCell 2014), 13 % of iPhones (CIRP 2023); most takers live there."""
    made = world(20000, seed)
    lines, population = made.contracts.lines, made.population
    giver, taker, dealt = handovers(made)
    old = np.unique(
        made.devices.device[(made.devices.device >= len(lines)) & (made.devices.device < 2 * len(lines))]
    )
    handed = ~dealt
    assert 0.13 < handed.sum() / len(old) < 0.23
    giver, taker = giver[handed], taker[handed]
    assert (lines.user[giver] != lines.user[taker]).mean() > 0.99
    at_home = lines.home[giver] == lines.home[taker]
    assert 0.5 < at_home.mean() < 0.85
    one, other = lines.user[giver], lines.user[taker]
    kin = np.zeros(len(giver), dtype=bool)
    for parent in (population.mother, population.father):
        kin |= (parent[one] == other) | (parent[other] == one)
    assert (kin & ~at_home).sum() > 10
    assert (~kin & ~at_home).sum() > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dealers_sim_sees_many_strangers_phones(seed):
    """From 2,000 persons on: thirty and more phones for a day or two, of many homes, some used on by strangers."""
    made = world(2000, seed)
    devices, lines = made.devices, made.contracts.lines
    assert len(devices.dealers) >= 1
    rows = shown(devices)
    for dealer in devices.dealers:
        assert len(np.unique(devices.device[rows & (devices.line == dealer)])) >= 30
    assert not (lines.segment[devices.dealers] > 0).any()
    giver, taker, dealt = handovers(made)
    assert dealt.sum() >= 10
    assert (lines.home[giver[dealt]] == lines.home[taker[dealt]]).mean() < 0.1


def test_a_small_market_has_no_dealer():
    """Below 2,000 persons nobody trades in phones."""
    assert len(world(300, 1).devices.dealers) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_some_sims_sit_in_another_phone_for_some_days(seed):
    """Two lines share a phone at the same time: half of them at home, half of them of strangers (assumed)."""
    made = world(20000, seed)
    devices, lines = made.devices, made.contracts.lines
    short = ((devices.last - devices.first).astype(int) <= 5) & ~shown(devices) & (devices.last < TODAY)
    borrowed = short & (devices.device < len(lines)) & (devices.device != devices.line)
    assert borrowed.sum() >= 20
    at_home = lines.home[devices.line[borrowed]] == lines.home[devices.device[borrowed]]
    assert 0.3 < at_home.mean() < 0.75
    assert (lines.segment[devices.device[borrowed & (lines.segment[devices.line] == 0)]] == 0).all()


def test_gadget_lovers_buy_newer_models():
    """A model's age on the day of buying falls with the taste for gadgets; names are the makers' and numbered."""
    names, released = catalogue()
    day = np.full(4000, np.datetime64("2025-06-01"))
    ages = [
        (day - released[bought(day, np.full(4000, eager), released, PARAMS, Chance(1).stream("x"))]).astype(
            int
        )
        for eager in (-1.5, 1.5)
    ]
    assert ages[0].mean() > ages[1].mean() + 60
    assert min(age.min() for age in ages) >= 0
    assert names[np.flatnonzero(released == np.datetime64("2024-03-12"))[0]] == "Aria 10"
