"""Is the true market as its parameters say? Asked of the steps, where no silo would show it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from hogar.twin.calendar import months_before
from hogar.twin.care import complained_before
from hogar.twin.chance import Chance, by_quota, unique_ids
from hogar.twin.world import World, draw


@pytest.fixture(scope="module")
def world(params) -> World:
    return draw(4000, params, Chance(1))


def test_payers_and_holders_agree_with_the_true_roles_only_mostly(world):
    """In homes where it could be another adult, 60 to 85 in a hundred pay and hold as the true roles would."""
    persons, roles = world.population.persons, world.roles.of_person
    homes = [
        home
        for home in world.population.homes
        if home.kind != "flat_share"
        and home.number not in world.segments.of_home
        and sum(persons[number].adult and persons[number].onnet for number in home.members) > 1
    ]
    for held, by in (
        ("financial_controller", world.contracts.pays),
        ("legal_representative", world.contracts.holds),
    ):
        share = np.mean([held in roles[by[home.number]] for home in homes])
        assert 0.60 <= share <= 0.85, f"{held}: {share:.2f}"


def test_every_line_has_an_adult_of_ours_as_holder_and_payer(world):
    """Minors use lines and hold none; postpaid lines have an account, prepaid ones do not."""
    for line in world.contracts.lines:
        assert world.population.persons[line.holder].adult
        assert (line.account >= 0) == (line.kind != "mobile_prepaid")
        assert line.payer < 0 or world.population.persons[line.payer].adult
        assert line.ended is None or line.ended >= line.started


def test_who_left_had_complained_oftener(world, params):
    """Leaving depends on what was visible before: after a complaint it is at least half as likely again."""
    months = months_before(params.now)
    lines = world.contracts.lines
    complained = complained_before(world.tickets, len(lines), months)
    left: dict[bool, list[bool]] = {True: [], False: []}
    for place, month in enumerate(months[:-3]):
        for line in lines:
            if line.started < month and (line.ended is None or line.ended >= month):
                left[bool(complained[line.number, place])].append(
                    line.ended is not None and line.ended < months[place + 3]
                )
    assert np.mean(left[True]) > 1.5 * np.mean(left[False]) > 0


def test_home_plans_have_one_fee_and_share_their_data(world):
    """Of the lines of one plan exactly one bears the fee, and none has overage while the whole allowance lasts."""
    pools: dict[int, list[int]] = {}
    for line in world.contracts.lines:
        if line.pool >= 0:
            pools.setdefault(line.pool, []).append(line.number)
    assert pools
    for numbers in pools.values():
        lines = [world.contracts.lines[number] for number in numbers]
        assert sum(line.fee > 0 for line in lines) == 1
        allowed = sum(line.allowed_gb or 0 for line in lines)
        within = world.use.gb[numbers].sum(axis=0) <= allowed
        assert not world.use.overage_cents[numbers][:, within].any()


def test_quotas_hold_in_every_block():
    """Each block of homes holds each kind by its share, give or take one for rounding."""
    shares = {"a": 0.5, "b": 0.3, "c": 0.17, "d": 0.03}
    keys = by_quota(Chance(7).stream("test"), shares, 50, 500)
    for start in range(0, 450, 50):
        found = Counter(keys[start : start + 50])
        assert all(abs(found[key] - 50 * share) <= 2 for key, share in shares.items())


def test_ids_are_unique_and_streams_do_not_depend_on_each_other():
    """Two streams of one seed differ; the same name gives the same numbers again."""
    chance = Chance(3)
    assert len(set(unique_ids(chance.stream("ids"), "C", 5000))) == 5000
    assert chance.stream("a").random() == chance.stream("a").random()
    assert chance.stream("a").random() != chance.stream("b").random()
