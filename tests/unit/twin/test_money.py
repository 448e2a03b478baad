"""What do they pay: bills month by month, and top-ups of their own, of each other, and through the corner shop?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hogar.cli.twin_files import default_params
from hogar.twin.behaviour.leaving import last_sign
from hogar.twin.behaviour.money import top_up
from hogar.twin.calendar import month_end, months_before, today
from hogar.twin.chance import Chance
from hogar.twin.contracts.lines import POSTPAID, PREPAID
from hogar.twin.contracts.segments import JOINT_BAND
from hogar.twin.silos import money, touch
from hogar.twin.tokens import token
from hogar.twin.world import World, draw

SEEDS = [1, 2]
PARAMS = default_params()
MONTHS = months_before(PARAMS.now)


@cache
def world(persons: int, seed: int) -> World:
    return draw(persons, PARAMS, Chance(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_month_of_a_contract_is_billed_once(seed):
    """One bill a line and month in which it lived, of the last nine; GB are printed for mobile lines alone."""
    made = world(2000, seed)
    bills, lines = made.bills, made.contracts.lines
    assert len(np.unique(bills.line * 12 + bills.month)) == len(bills)
    assert bills.month.min() == 12 - PARAMS.use.bill_months
    for place, month in list(enumerate(MONTHS))[-PARAMS.use.bill_months :]:
        alive = np.flatnonzero(lines.alive_in(month, month_end(month)) & (lines.account >= 0))
        np.testing.assert_array_equal(bills.line[bills.month == place], alive)
    np.testing.assert_array_equal(~np.isnan(bills.used_gb), lines.kind[bills.line] == POSTPAID)
    np.testing.assert_array_equal(bills.account, lines.account[bills.line])
    assert np.isfinite(bills.allowed_gb[~np.isnan(bills.allowed_gb)]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_prepaid_lines_are_filled_while_they_live_and_not_in_their_silence(seed):
    """About once a month and line; none before the start or after the last sign of life."""
    made = world(5000, seed)
    top_ups, lines = made.top_ups, made.contracts.lines
    assert (lines.kind[top_ups.line] == PREPAID).all()
    day = top_ups.at.astype("datetime64[D]")
    assert (day >= lines.started[top_ups.line]).all()
    assert (day <= last_sign(lines, PARAMS)[top_ups.line]).all()
    assert (day < today(PARAMS.now)).all()
    per_month = len(top_ups) / PARAMS.use.bill_months / (lines.living & (lines.kind == PREPAID)).sum()
    assert 0.8 < per_month < 1.8
    assert set(np.unique(top_ups.cents)) == {500, 1000, 1500, 2000}


@pytest.mark.parametrize("seed", SEEDS)
def test_calm_homes_keep_a_habit(seed):
    """The same every month, give or take a note; by the one who always pays; never through a shop."""
    made = world(5000, seed)
    top_ups, lines = made.top_ups, made.contracts.lines
    calm = lines.segment[top_ups.line] > 0
    assert calm.sum() > 50
    assert (top_ups.shop[calm] == -1).all()
    np.testing.assert_array_equal(top_ups.payer[calm], lines.tops_up[top_ups.line[calm]])
    band = np.flatnonzero((lines.segment == JOINT_BAND) & (lines.kind == PREPAID))
    month = top_ups.at.astype("datetime64[M]")
    for one in MONTHS[-3:].astype("datetime64[M]"):
        chosen = month == one
        paid = np.bincount(top_ups.line[chosen], top_ups.cents[chosen], minlength=len(lines))[band]
        assert (paid >= 1000).all()
        assert (paid <= 2000).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_some_lines_are_filled_by_two_members_of_the_family(seed):
    """The share of such lines is the parameter's, where there is a partner or a parent."""
    made = world(5000, seed)
    params = replace(PARAMS, top_ups=replace(PARAMS.top_ups, mutual=0.0))
    alone = top_up(made.contracts, made.use, made.population, params, Chance(seed).stream("x"))

    def payers(top_ups: object) -> np.ndarray:
        known = top_ups.payer >= 0
        pairs = np.unique(np.stack([top_ups.line[known], top_ups.payer[known]]), axis=1)
        return np.bincount(pairs[0], minlength=len(made.contracts.lines))

    assert payers(alone).max() == 1
    two = payers(made.top_ups) == 2
    assert 0.02 < two.sum() / (payers(made.top_ups) > 0).sum() < PARAMS.top_ups.mutual


@pytest.mark.parametrize("seed", SEEDS)
def test_who_fills_anothers_line_may_live_elsewhere(seed):
    """Of (line, payer) where somebody else pays, one in ten and more are of two homes: kin, and people who are none."""
    made = world(5000, seed)
    top_ups, lines, people = made.top_ups, made.contracts.lines, made.population
    known = (top_ups.payer >= 0) & (lines.segment[top_ups.line] == 0)
    known &= top_ups.payer != lines.user[top_ups.line]
    line, payer = np.unique(np.stack([top_ups.line[known], top_ups.payer[known]]), axis=1)
    apart = people.home[payer] != lines.home[line]
    assert 0.08 < apart.mean() < 0.3
    assert people.adult[payer[apart]].all()
    user = lines.user[line]
    kin = (people.mother[user] == payer) | (people.father[user] == payer)
    kin |= (people.mother[payer] == user) | (people.father[payer] == user)
    assert (apart & kin).sum() > 3
    assert (apart & ~kin).sum() > 3


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ways_to_pay_are_the_parameters(seed):
    """A tenth through shops; of the others a quarter in cash."""
    made = world(20000, seed)
    top_ups = made.top_ups
    assert abs((top_ups.shop >= 0).mean() - PARAMS.top_ups.shop) < 0.02
    free = (made.contracts.lines.segment[top_ups.line] == 0) & (top_ups.shop < 0)
    assert abs((top_ups.payer[free] >= 0).mean() - PARAMS.top_ups.known) < 0.03
    known = free & (top_ups.payer >= 0)
    assert abs(top_ups.by_card[known].mean() - PARAMS.top_ups.by_card) < 0.03


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("persons", "sims"), [(1000, 35), (5000, 190)])
def test_one_corner_shop_fills_many_sims(persons, sims, seed):
    """About 200 in a market of 5,000, fewer in a small one; of as many homes; other shops have some customers."""
    made = world(persons, seed)
    top_ups, lines = made.top_ups, made.contracts.lines
    sold = top_ups.shop >= 0
    both = np.unique(np.stack([top_ups.shop[sold], top_ups.line[sold]]), axis=1)
    customers = np.bincount(both[0])
    assert customers[0] >= sims
    assert customers.min() >= 10
    big = both[1][both[0] == 0]
    assert len(np.unique(lines.home[big])) > 0.8 * len(big)
    assert (top_ups.payer[sold] == -1).all()
    assert top_ups.by_card[sold].all()


def test_a_small_market_has_no_corner_shop():
    """Below 1,000 persons nobody fills balances for others."""
    assert (world(300, 1).top_ups.shop == -1).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_silos_say_what_billing_and_cards_know(seed):
    """Amounts with two decimals, months as 2026-02; cash has neither payer nor card, a shop a card and no payer."""
    made = world(1000, seed)
    clean = replace(made, params=made.params.with_dirt(0.0))
    files = money.files(clean, Chance(seed).stream("silos"))
    invoices, top_ups = (files[name].to_pylist() for name in ("billing/invoices.csv", "topup/recargas.csv"))
    assert len(invoices) == len(made.bills)
    assert round(sum(float(row["fee_eur"]) for row in invoices) * 100) == made.bills.fee.sum()
    assert {row["period"] for row in invoices} == {
        str(month)[:7] for month in MONTHS[-PARAMS.use.bill_months :]
    }
    used = [float(row["gb_used"]) for row in invoices if row["gb_used"]]
    assert abs(sum(used) - np.nansum(made.bills.used_gb)) < 1
    cash = (made.top_ups.payer < 0) & (made.top_ups.shop < 0)
    assert sum(row["pagador"] is None and row["token_tarjeta"] is None for row in top_ups) >= cash.sum()
    shop = [row for row in top_ups if row["token_tarjeta"] == token(clean.key, "shop card", 0)]
    assert len({row["sim"] for row in shop}) >= 35
    assert all(row["pagador"] is None for row in shop)
    assert len({row["id_recarga"] for row in top_ups}) == len(top_ups)


@pytest.mark.parametrize("seed", SEEDS)
def test_touch_silos_hold_no_complaint_of_calm_homes_and_know_every_party(seed):
    """Tickets, orders, messages, declarations and consents name parties; story homes have no complaint."""
    made = world(2000, seed)
    visits = np.full(len(made.touches.visit_at), "", dtype=object)
    files = touch.files(
        replace(made, params=made.params.with_dirt(0.0)), Chance(seed).stream("silos"), visits
    )
    parties, population = made.parties, made.population
    calm = made.segments.of_home[population.home] > 0
    names = (parties.crm, parties.prepaid, parties.duplicate, parties.business)
    of_calm = {name for known in names for name in known[calm & (known != "")]}
    everybody = {name for known in (*names, parties.company) for name in known[known != ""]}
    tickets = files["care/tickets.csv"].to_pylist()
    assert len(tickets) > 500
    assert not {row["cliente"] for row in tickets if row["tipo"] == "RECLAMACION"} & of_calm
    assert all(row["cierre"] is None or row["cierre"] >= row["apertura"] for row in tickets)
    for path, column in (
        ("care/tickets.csv", "cliente"), ("orders/orders.csv", "customer"), ("campaign/contacts.csv", "customer"),
        ("crm/declarations.csv", "id_cliente"), ("privacy/consents.csv", "cliente"),
    ):  # fmt: skip
        assert set(files[path].column(column).to_pylist()) <= everybody
    granted = {
        row["cliente"]
        for row in files["privacy/consents.csv"].to_pylist()
        if row["finalidad"] == "TRAFICO" and row["valor"] == "S"
    }
    allowed = made.consents.traffic
    assert granted == {name for known in names for name in known[allowed & (known != "")]}
