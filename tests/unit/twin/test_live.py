"""The market over months: the same luck for all, in bulk or one by one; annoyance costs, the right offers pay."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest
from numpy.typing import NDArray

from hogar.cli.twin_files import default_params
from hogar.twin.chance import Chance
from hogar.twin.live import Contacts, Live, Month, contacts
from hogar.twin.reactions.contacts import ACCEPTED
from hogar.twin.reactions.facts import facts_of
from hogar.twin.reactions.month import Totals
from hogar.twin.reactions.offers import F_BROADBAND, F_MOBILE, FAMILY, MARGIN, place_of
from hogar.twin.reactions.wishes import interested, wish
from hogar.twin.world import World, draw

OFFERS = np.array([
    place_of(one)
    for one in ("MOB-M", "MOB-L", "MOB-U", "FIB-300", "FIB-1000", "TV-BASIC", "DEV-PHONE-A", "INS-DEVICE")
])  # fmt: skip
MONTHS = 12
Strategy = Callable[[Live, np.random.Generator], None]


@pytest.fixture(scope="module")
def world() -> World:
    return draw(5_000, default_params(), Chance(1))


def users(live: Live) -> NDArray[np.int64]:
    """Everybody who uses a living line."""
    return np.unique(live.crowd.user[(live.crowd.user >= 0) & live.state.living])


def on_day(live: Live, day: int) -> np.datetime64:
    return live.now + np.timedelta64(day * 24 + 18, "h")


def some_contacts(live: Live, seed: int, count: int) -> Contacts:
    """Contacts of any persons about any lines at any time of the month, several of one home among them."""
    rng, crowd = np.random.default_rng(seed), live.crowd
    lines = rng.choice(np.flatnonzero(live.state.living & (crowd.user >= 0)), count)
    person = np.where(rng.random(count) < 0.5, crowd.user[lines], crowd.first[crowd.home[crowd.user[lines]]])
    at = live.now + rng.integers(0, 28 * 86_400, count).astype("timedelta64[s]")
    return contacts(person, rng.choice(OFFERS, count), line=lines, at=at, channel=rng.integers(0, 9, count))


def test_one_by_one_is_the_same_as_in_bulk(world: World) -> None:
    """A list answered at once, in any order, and its rows answered one by one in time: same answers, same market."""
    bulk, single, mixed = (Live.open(world, 3) for _ in range(3))
    asked = some_contacts(bulk, 1, 600)
    answers = bulk.answer(asked)
    order = np.lexsort((asked.offer, asked.person, asked.at))
    outcomes = np.zeros(len(asked), dtype=np.int8)
    for row in order:
        outcomes[row] = single.answer(asked.rows(np.array([row]))).outcome[0]
    shuffled = np.random.default_rng(2).permutation(len(asked))
    again = mixed.answer(asked.rows(shuffled))
    assert (answers.outcome == outcomes).all()
    assert (answers.outcome[shuffled] == again.outcome).all()
    first, second, third = bulk.month(), single.month(), mixed.month()
    assert first.totals == second.totals == third.totals
    assert len({len(np.unique(asked.person)), len(asked)}) == 2, "some persons are asked twice"
    for name, column in bulk.state.columns().items():
        np.testing.assert_allclose(column, single.state.columns()[name], err_msg=name)


def test_one_contact_has_defaults(world: World) -> None:
    """`answer_one` needs a person and an offer; what there is not is refused with its number."""
    live = Live.open(world, 3)
    assert len(live.answer_one(int(users(live)[0]), place_of("MOB-L"), channel="app")) == 1
    with pytest.raises(ValueError, match="person 99999999"):
        live.answer_one(99_999_999, 0)
    with pytest.raises(ValueError, match="offer 99"):
        live.answer_one(0, 99)


def test_the_same_luck_whatever_else_is_done(world: World) -> None:
    """Homes that nobody contacts live the same month, line by line, whatever the strategy does to others."""
    quiet, busy = Live.open(world, 4), Live.open(world, 4)
    half = users(busy)
    half = half[busy.crowd.home[half] % 2 == 0]
    busy.answer(contacts(half, place_of("TV-BASIC"), at=on_day(busy, 3)))
    one, two = quiet.month(), busy.month()

    def untouched(month: Month) -> NDArray[np.int32]:
        home = quiet.crowd.line_home[month.lines_left]
        return month.lines_left[(home >= 0) & (home % 2 == 1)]

    assert len(untouched(one)) > 5
    assert (untouched(one) == untouched(two)).all()
    other = Live.open(world, 5)
    other.month()
    assert other.state.living.tolist() != quiet.state.living.tolist()


def test_what_is_accepted_becomes_a_contract(world: World) -> None:
    """After the month's end an accepted plan is the line's plan, and a better plan ends the overage."""
    live = Live.open(world, 6)
    lines = np.flatnonzero(live.state.living & (live.crowd.line_kind == 0) & (live.crowd.user >= 0))
    lines = lines[np.unique(live.crowd.user[lines], return_index=True)[1]]
    asked = contacts(
        live.crowd.user[lines], place_of("MOB-U"), line=lines, at=on_day(live, 2), channel="shop"
    )
    answers = live.answer(asked)
    taken = lines[answers.outcome == ACCEPTED]
    before = facts_of(live.crowd, live.state).overage[taken].sum()
    month = live.month()
    assert len(taken) > 20
    alive = taken[
        live.state.living[taken] & (live.state.pool[taken] < 0)
    ]  # some homes bought a plan for all lines
    assert len(alive) > 0.7 * len(taken)
    assert (live.state.offer[alive] == place_of("MOB-U")).all()
    assert before > 0
    assert facts_of(live.crowd, live.state).overage[taken].sum() == 0
    assert set(taken.tolist()) <= set(month.line.tolist())


def test_uplift_can_be_negative_and_some_buy_unasked(world: World) -> None:
    """Under the same luck a contact makes some buy, keeps some from buying, and makes some leave who would stay."""
    live = Live.open(world, 7)
    bought, spoiled, woken, organic = 0, 0, 0, 0
    for _ in range(6):
        asked = contacts(users(live), place_of("TV-BASIC"), at=on_day(live, 5))
        outcome = live.potential(asked)
        bought += int((outcome.bought_with & ~outcome.bought_without).sum())
        spoiled += int((~outcome.bought_with & outcome.bought_without).sum())
        organic += int(outcome.bought_without.sum())
        woken += int((outcome.left_with & ~outcome.left_without).sum())
        live.month()
    assert bought > organic > 0
    assert spoiled > 0
    assert woken > 0


def test_a_retention_offer_wakes_who_slept(world: World) -> None:
    """Of lines whose commitment is about to end, more leave when told of a retention offer that they do not take."""
    with_them, without = 0, 0
    for seed in range(12):
        told, calm = Live.open(world, seed), Live.open(world, seed)
        ends = told.crowd.bound_until
        lines = np.flatnonzero(told.state.living & (ends > -1000) & (ends <= 2) & (told.crowd.line_kind == 0))
        lines = lines[told.crowd.user[lines] >= 0]
        asked = contacts(
            told.crowd.user[lines], place_of("retention"), line=lines, at=on_day(told, 2), channel="call"
        )
        answers = told.answer(asked)
        not_taken = lines[answers.reached & (answers.outcome != ACCEPTED)]
        with_them += int(np.isin(told.month().lines_left, not_taken).sum())
        without += int(np.isin(calm.month().lines_left, not_taken).sum())
    assert with_them > 1.3 * without


def test_friends_of_who_took_it_want_it_more(world: World) -> None:
    """In the month after, kin and friends of adopters are keener; others are as they were."""
    live = Live.open(world, 8)
    people = users(live)
    live.answer(contacts(people[::2], place_of("DEV-PHONE-A"), at=on_day(live, 2), channel="shop"))
    month = live.month()
    family = FAMILY[place_of("DEV-PHONE-A")]
    adopters = np.zeros(live.crowd.persons, dtype=bool)
    adopters[month.person[FAMILY[month.offer] == family]] = True
    near = np.zeros(live.crowd.persons, dtype=bool)
    near[live.crowd.other[adopters[live.crowd.one]]] = True
    near[live.crowd.one[adopters[live.crowd.other]]] = True
    buzz = live.state.buzz[:, family]
    assert near.sum() > 20
    assert (buzz[near] > 0).all()
    assert (buzz[~near] == 0).all()


def test_strategies_are_told_apart(world: World) -> None:
    """Twelve months under the same luck: telling everybody every week loses value through annoyance, and telling few
    what they truly want, the right offers, beats silence and beats telling as many at random."""
    ends = {name: year(world, strategy) for name, strategy in STRATEGIES.items()}
    value = {name: sum(month.value_cents for month in months) for name, months in ends.items()}
    left = {name: sum(month.lines_left for month in months) for name, months in ends.items()}
    assert value["weekly"] < 0.985 * value["nobody"]
    assert left["weekly"] > 1.3 * left["nobody"]
    assert sum(month.opt_outs for month in ends["weekly"]) > 100
    assert value["targeted"] > 1.005 * value["nobody"]
    assert value["targeted"] > 1.005 * value["random"]
    monthly_churn = left["nobody"] / MONTHS / ends["nobody"][0].lines
    assert 0.003 < monthly_churn < 0.02


def test_a_month_of_a_large_market_is_quick() -> None:
    """Contacts, one a person, are answered and the month is closed well below the stated 20 s for 100,000."""
    live = Live.open(draw(20_000, default_params(), Chance(2)), 1)
    people = users(live)
    asked = contacts(people, np.random.default_rng(1).choice(OFFERS, len(people)), at=on_day(live, 5))
    start = perf_counter()
    live.answer(asked)
    live.month()
    assert perf_counter() - start < 4.0


def year(world: World, strategy: Strategy) -> list[Totals]:
    live, rng = Live.open(world, 7), np.random.default_rng(5)
    totals = []
    for _ in range(MONTHS):
        strategy(live, rng)
        totals.append(live.month().totals)
    return totals


def nobody(live: Live, rng: np.random.Generator) -> None:
    """No contact at all."""


def weekly(live: Live, rng: np.random.Generator) -> None:
    """Everybody, four times a month, something."""
    for week in range(4):
        people = users(live)
        live.answer(contacts(people, rng.choice(OFFERS, len(people)), at=on_day(live, 2 + 7 * week)))


def at_random(live: Live, rng: np.random.Generator) -> None:
    """One in seven, something."""
    people = rng.permutation(users(live))[: len(users(live)) // 7]
    live.answer(contacts(people, rng.choice(OFFERS, len(people)), at=on_day(live, 10)))


def targeted(live: Live, rng: np.random.Generator) -> None:
    """The one in seven, one adult a home, of whom the truth expects most margin, and the offer that brings it."""
    crowd, state, people = live.crowd, live.state, users(live)
    facts = facts_of(crowd, state)
    line = facts.line[people]
    at = np.maximum(line, 0)
    today = MARGIN[state.offer[at]] + 0.6 * facts.overage[at]
    today = np.where(crowd.line_kind[at] == 1, 0.35 * crowd.top_up_cents[at], today) * (line >= 0)
    gains = []
    for offer in OFFERS:
        column = np.full(len(people), offer)
        wished = wish(crowd, state, facts, people, line, column, np.full(len(people), np.nan), live.params)
        replaced = today if FAMILY[offer] == F_MOBILE else np.zeros(len(people))
        if FAMILY[offer] == F_BROADBAND:
            replaced = 1100.0 * facts.broadband[crowd.home[people]]
        gains.append(
            interested(wished.keenness) * (MARGIN[offer] - replaced) * (wished.pain < live.params.veto)
        )
    best, gain = np.argmax(gains, axis=0), np.max(gains, axis=0)
    gain = gain * (crowd.age[people] >= 18) * (state.annoyance[people] < 0.3)
    chosen = np.argsort(-gain)[: len(people) // 7]
    chosen = chosen[gain[chosen] > 0]
    chosen = chosen[np.sort(np.unique(crowd.home[people[chosen]], return_index=True)[1])]
    live.answer(contacts(people[chosen], OFFERS[best[chosen]], at=on_day(live, 10)))


STRATEGIES: dict[str, Strategy] = {
    "nobody": nobody,
    "weekly": weekly,
    "random": at_random,
    "targeted": targeted,
}
