"""How people answer: who notices, who wants, how a home agrees; and that no product of role factors explains it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from hogar.cli.twin_files import default_params
from hogar.twin.chance import Chance
from hogar.twin.live import Answers, Live, contacts
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.reactions.contacts import ACCEPTED, OPTED_OUT, OUTCOMES, SERVICE
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.facts import facts_of
from hogar.twin.reactions.offers import place_of
from hogar.twin.reactions.wishes import interested, wish
from hogar.twin.world import draw

EVENING = np.timedelta64(4 * 86_400 + 19 * 3600, "s")
BARGAINED = np.array([place_of(one) for one in ("MOB-L", "MOB-U", "FAM-3", "FIB-300", "TV-BASIC", "HOGAR-2")])


@pytest.fixture(scope="module")
def params() -> Reactions:
    return default_params().reactions


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd.of(draw(20_000, default_params(), Chance(1)), 1)


def own_mobiles(crowd: Crowd) -> NDArray[np.int64]:
    """One living mobile line of each home, of an adult."""
    lines = np.flatnonzero(crowd.living & (crowd.line_kind <= 1) & (crowd.user >= 0) & (crowd.decider < 0))
    lines = lines[crowd.age[crowd.user[lines]] >= 18]
    return lines[np.unique(crowd.line_home[lines], return_index=True)[1]]


def test_nobody_notices_after_opting_out_but_service_messages(crowd: Crowd, params: Reactions) -> None:
    """Who opted out is not reached by marketing, and still by a service message."""
    live = Live.of(crowd, params, 1)
    live.state.opted_out[:] = True
    users = crowd.user[own_mobiles(crowd)]
    asked = contacts(users, place_of("MOB-L"), at=live.now + EVENING)
    assert not live.answer(asked).reached.any()
    served = contacts(users, place_of("service"), at=live.now + EVENING, message_class=SERVICE)
    assert live.answer(served).reached.mean() > 0.2


def test_the_hour_and_earlier_messages_decide_who_notices(crowd: Crowd, params: Reactions) -> None:
    """Near the best hour more notice than at the worst; after ten messages in ten days far fewer do."""
    users = crowd.user[own_mobiles(crowd)]
    live = Live.of(crowd, params, 1)
    best = (crowd.awake[users] * 3600).astype(np.int64).astype("timedelta64[s]")
    offer = place_of("TV-BASIC")
    at_best = live.copy().answer(contacts(users, offer, at=live.now + best)).reach
    at_worst = live.copy().answer(contacts(users, offer, at=live.now + best + np.timedelta64(12, "h"))).reach
    assert at_best.mean() > 1.5 * at_worst.mean()
    for day in range(10):
        last = live.answer(contacts(users, offer, at=live.now + best + np.timedelta64(day, "D"))).reach
    assert last.mean() < 0.5 * at_best.mean()


def test_need_draws_and_price_repels(crowd: Crowd, params: Reactions) -> None:
    """A dearer price never raises interest; overage draws people to a bigger plan; repetition tires."""
    live = Live.of(crowd, params, 1)
    facts, lines = facts_of(crowd, live.state), own_mobiles(crowd)
    users, offer = crowd.user[lines], np.full(len(lines), place_of("MOB-L"))

    def keen(cents: float) -> NDArray[np.float64]:
        price = np.full(len(lines), cents)
        return wish(crowd, live.state, facts, users, lines, offer, price, params).keenness

    assert (keen(500.0) >= keen(2000.0)).all()
    assert keen(500.0).mean() > keen(2000.0).mean() + 0.1
    over, listed = facts.overage[lines] > 600, keen(np.nan)
    assert over.sum() > 20
    small = live.state.allowed[lines] <= 10
    assert interested(listed[over]).mean() > 1.5 * interested(listed[small & ~over]).mean()
    live.state.heard[:] = 3.0
    assert keen(np.nan).mean() < listed.mean() - 0.3


def test_minors_wish_but_never_accept(crowd: Crowd, params: Reactions) -> None:
    """Where a child's line is asked about, only adults say yes, and some do."""
    live = Live.of(crowd, params, 2)
    lines = np.flatnonzero(crowd.living & (crowd.line_kind <= 1) & (crowd.user >= 0))
    lines = lines[crowd.age[crowd.user[lines]] < 18]
    answers = live.answer(contacts(crowd.user[lines], place_of("MOB-L"), line=lines, at=live.now + EVENING))
    accepted = answers.outcome == ACCEPTED
    assert accepted.sum() > 3
    assert (crowd.age[answers.by[accepted]] >= 18).all()


def test_the_right_person_hears_better(crowd: Crowd, params: Reactions) -> None:
    """Of users with somebody else in the house, those who control the money agree oftener than those who do not."""
    rates = {}
    several = np.bincount(crowd.home[crowd.adult], minlength=len(crowd.kind)) > 1
    lines = own_mobiles(crowd)
    lines = lines[several[crowd.line_home[lines]]]
    users = crowd.user[lines]
    controls = users == crowd.controller[crowd.home[users]]
    for whether in (True, False):
        agreed = interest = 0.0
        for seed in range(8):
            rows = np.flatnonzero(controls == whether)
            live = Live.of(crowd, params, seed)
            offers = np.random.default_rng(seed).choice(BARGAINED, len(rows))
            asked = contacts(users[rows], offers, line=lines[rows], channel="shop", at=live.now + EVENING)
            answers = live.answer(asked)
            agreed += float((answers.outcome == ACCEPTED).sum())
            interest += float((answers.interest * answers.reached).sum())
        rates[whether] = agreed / interest
    assert rates[True] > 1.2 * rates[False]


def test_every_kind_of_answer_occurs_and_late_ones_too(crowd: Crowd, params: Reactions) -> None:
    """All six answers exist; delays run from minutes to two weeks, longer by mail than in the app."""
    answers, channel = sample(crowd, params, seeds=3, channel=None)
    counted = np.bincount(answers[:, 8].astype(int), minlength=len(OUTCOMES))
    assert (counted > 0).all()
    assert 0.005 < counted[ACCEPTED] / counted.sum() < 0.08
    assert counted[OPTED_OUT] / counted.sum() < 0.01
    late, answered = answers[:, 9], answers[:, 9] > 0
    assert late.max() <= 14 * 86_400
    app, mail = answered & (channel == 1), answered & (channel == 7)
    assert np.median(late[app]) < 3600
    assert np.median(late[mail]) > 86_400


def test_no_product_of_free_factors_fits(crowd: Crowd, params: Reactions) -> None:
    """The decision chain's form (reached x interest x one factor a role) leaves a significant lack of fit.

    Every factor is free: a value per decile of the true interest, per role that the recipient holds, per way in
    which the user learnt of it. A likelihood ratio against the same with a free value per combination of roles.
    The same test lets pass what a product has drawn.
    """
    rows, _ = sample(crowd, params, seeds=40, channel="shop")
    rows = rows[rows[:, 0] == 1]
    interest = rows[:, 1]
    decile = np.searchsorted(np.quantile(interest, np.arange(0.1, 1, 0.1)), interest)
    factors = [decile, *(rows[:, column].astype(int) for column in range(2, 7))]
    accepted = rows[:, 7]
    assert lack_of_fit(factors, accepted) < 1e-4
    drawn = np.random.default_rng(1).random(len(rows)) < np.minimum(product_of(factors, accepted), 1)
    assert lack_of_fit(factors, drawn.astype(float)) > 0.01


def test_the_bargain_costs_answers(crowd: Crowd, params: Reactions) -> None:
    """Where all at home hear everything and nothing stands against it, more is agreed."""
    easy = replace(params, tell=1.0, pass_on=1.0, quorum=0.0, coalition=0.0, veto=1e6, mood=0.0)
    rows, _ = sample(crowd, easy, seeds=3, channel="shop")
    hard, _ = sample(crowd, params, seeds=3, channel="shop")
    assert rows[:, 7].mean() > 1.15 * hard[:, 7].mean()


def sample(
    crowd: Crowd, params: Reactions, *, seeds: int, channel: str | None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """One contact of some adult of each home about some adult's line, for each seed: what was true, what came of it."""
    rows, channels = [], []
    adults = np.bincount(crowd.home[crowd.adult], minlength=len(crowd.kind))
    lines = own_mobiles(crowd)
    home, user = crowd.line_home[lines], crowd.user[lines]
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        live = Live.of(crowd, params, seed)
        if channel is None:
            live.state.annoyance[:] = 1.0
        person = crowd.first[home] + (rng.random(len(home)) * adults[home]).astype(int)
        place = rng.integers(0, 9, len(home))
        asked = contacts(
            person, rng.choice(BARGAINED, len(home)), line=lines, at=live.now + EVENING,
            channel=place if channel is None else channel,
        )  # fmt: skip
        said: Answers = live.answer(asked)
        roles = (crowd.controller, crowd.representative, crowd.adviser, crowd.persuader)
        way = (person == user) + 2 * said.passed_on
        truth = [said.reached, said.interest, *(person == role[home] for role in roles), way]
        rows.append(np.column_stack([*truth, said.outcome == ACCEPTED, said.outcome, said.delay]))
        channels.append(place)
    return np.vstack(rows), np.concatenate(channels)


def lack_of_fit(factors: list[NDArray[np.int64]], accepted: NDArray[np.float64]) -> float:
    """The p-value of a product of these factors against one with a free value per combination of all but the first."""
    roles = np.column_stack(factors[1:])
    kinds, cell = np.unique(roles, axis=0, return_inverse=True)
    plain = product_of(factors, accepted)
    free = product_of([*factors, cell.ravel()], accepted)
    ratio = 2 * float((accepted * np.log(free / plain)).sum() - (free - plain).sum())
    design = np.column_stack([column == level for column in kinds.T for level in np.unique(column)])
    return float(chi2.sf(ratio, len(kinds) - np.linalg.matrix_rank(design.astype(float))))


def product_of(factors: list[NDArray[np.int64]], accepted: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a product of one free value per level of each factor expects: maximum likelihood by turns."""
    kinds, cell = np.unique(np.column_stack(factors), axis=0, return_inverse=True)
    cell = cell.ravel()
    size, yes = np.bincount(cell).astype(float), np.bincount(cell, accepted)
    expected = size.copy()
    for _ in range(80):
        for column in kinds.T:
            wanted, have = np.bincount(column, yes), np.bincount(column, expected)
            expected *= (np.maximum(wanted, 1e-9) / np.maximum(have, 1e-12))[column]
    return np.asarray((expected / size)[cell])
