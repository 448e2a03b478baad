"""What do they pay? Bills of lines month by month, and top-ups with who paid them.

Reads lines and use; returns columns. After: leaving.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Days, Flags, Floats, Index, Ints
from hogar.twin.behaviour.leaving import last_sign
from hogar.twin.behaviour.shops import at_shops
from hogar.twin.behaviour.use import Use
from hogar.twin.calendar import MONTHS, moments, month_end, months_before
from hogar.twin.chance import between, flip
from hogar.twin.contracts.lines import POSTPAID, PREPAID, Contracts, Lines
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.people.relatives import kin_elsewhere

CENTS = np.array([500, 1000, 1000, 1500, 2000])
USUAL_EUR = 11.0  # the mean of CENTS, about
MOST_A_MONTH = 5
FADING_STOPS = 0.7  # a fading line goes without in so many months
ANOTHER_FILLS = 0.4  # of a line's top-ups, where two persons fill it
FRIENDS_FILL = 0.4  # of lines that somebody of another home fills, kin or no kin
LIKE_AGE = 0.02  # of all users, by age: among whom a friend is
CARD_OF_CALM = 0.85  # calm homes pay by card so often


@dataclass(frozen=True, slots=True, kw_only=True)
class Bills:
    """One line's part of a monthly bill, in cents and GB as printed; `month` is a place in `calendar.months_before`."""

    line: Ints
    account: Ints
    month: Ints
    fee: Index
    overage: Index
    used_gb: Floats  # NaN where nothing is printed (not mobile)
    allowed_gb: Floats  # NaN: none printed (not mobile, or unlimited)

    def __len__(self) -> int:
        return len(self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUps:
    """`at` datetime64[s]; `payer` a person, -1 where it was bought with cash; `shop` the shop's number or -1.

    A corner shop fills many customers' balances with its own card: a hub among payers, no relative of anybody.
    """

    line: Ints
    at: NDArray[Any]
    cents: Index
    payer: Ints
    by_card: Flags
    shop: Ints

    def __len__(self) -> int:
        return len(self.line)


def bill(contracts: Contracts, use: Use, params: Params) -> Bills:
    """A bill for every postpaid line and every whole month in which it lived."""
    lines, months = contracts.lines, months_before(params.now)
    billed = np.flatnonzero(lines.account >= 0)
    place = np.arange(MONTHS - params.use.bill_months, MONTHS)
    first = months[place]
    ended = np.where(np.isnat(lines.ended), np.datetime64("9999-12-31"), lines.ended)[billed, None]
    lived = (lines.started[billed, None] <= month_end(first)[None, :]) & (ended >= first[None, :])
    row, column = np.nonzero(lived)
    line, month = billed[row], place[column]
    mobile, allowed = lines.kind[line] == POSTPAID, lines.allowed_gb[line]
    return Bills(
        line=line.astype(np.int32),
        account=lines.account[line],
        month=month.astype(np.int32),
        fee=lines.fee[line].astype(np.int64),
        overage=use.overage_cents[line, month],
        used_gb=np.where(mobile, use.gb[line, month], np.nan),
        allowed_gb=np.where(mobile & np.isfinite(allowed), allowed, np.nan),
    )


def top_up(
    contracts: Contracts, use: Use, population: Population, params: Params, rng: np.random.Generator
) -> TopUps:
    """Some top-ups a month for a living prepaid line, fewer when it fades; own, mutual, or by a shop."""
    lines = contracts.lines
    line, first, last, cents = _fills(lines, use, params, rng)
    day = first + (rng.random(len(line)) * ((last - first).astype(np.int64) + 1)).astype(np.int64)
    shop = at_shops(lines, line, int(population.onnet.sum()), params, rng)
    payer, by_card = _who_pays(lines, line, population, params, rng)
    return TopUps(
        line=line.astype(np.int32),
        at=moments(rng, day),
        cents=cents,
        payer=np.where(shop >= 0, -1, payer).astype(np.int32),
        by_card=by_card | (shop >= 0),
        shop=shop.astype(np.int32),
    )


def _fills(
    lines: Lines, use: Use, params: Params, rng: np.random.Generator
) -> tuple[Index, Days, Days, Index]:
    """(line, first and last day on which it may be, cents) of each top-up, month by month."""
    prepaid, last_day = np.flatnonzero(lines.kind == PREPAID), last_sign(lines, params)
    calm = lines.segment > 0
    rows: list[Index] = []
    firsts: list[Days] = []
    lasts: list[Days] = []
    sums: list[Index] = []
    for place, month in list(enumerate(months_before(params.now)))[-params.use.bill_months :]:
        lives = (lines.started[prepaid] <= month_end(month)) & (last_day[prepaid] >= month)
        lived = prepaid[lives]
        habit, free = lived[calm[lived]], lived[~calm[lived]]
        for line, cents in (_habits(habit, rng), _at_need(free, lines, use.fades_from[free] <= place, rng)):
            rows.append(line)
            sums.append(cents)
            firsts.append(np.maximum(lines.started[line], month))
            lasts.append(np.minimum(last_day[line], month_end(month)))
    line, first, last = np.concatenate(rows), np.concatenate(firsts), np.concatenate(lasts)
    return line, first, last, np.concatenate(sums)


def _habits(line: Index, rng: np.random.Generator) -> tuple[Index, Index]:
    """Calm homes: the same every month, give or take a note."""
    draws = rng.random((2, len(line)))
    two, large = draws[0] < 0.6, draws[1] < 0.5
    again = line[two]
    cents = np.where(two, 1000, np.where(large, 2000, 1000))
    return np.concatenate([line, again]), np.concatenate([cents, np.full(len(again), 500)]).astype(np.int64)


def _at_need(line: Index, lines: Lines, fades: Flags, rng: np.random.Generator) -> tuple[Index, Index]:
    """All others: as often as they need it, seldom when they fade."""
    stops = fades & (rng.random(len(line)) < FADING_STOPS)
    times = np.minimum(rng.poisson(np.maximum(lines.top_up_eur[line], 0.0) / USUAL_EUR), MOST_A_MONTH)
    rows = np.repeat(line, np.where(stops, 0, times))
    return rows, CENTS[(rng.random(len(rows)) * len(CENTS)).astype(np.int64)]


def _who_pays(
    lines: Lines, line: Index, population: Population, params: Params, rng: np.random.Generator
) -> tuple[Index, Flags]:
    """(payer or -1, by card): who usually fills it, another of the family now and then, or cash of whoever."""
    parts, calm = params.top_ups, lines.segment[line] > 0
    another = _another(lines, population, params, rng)[line]
    turn = (another >= 0) & flip(rng, ANOTHER_FILLS, len(line))
    payer = np.where(turn, another, lines.tops_up[line])
    known = (flip(rng, parts.known, len(line)) | calm) & (payer >= 0)
    by_card = known & flip(rng, np.where(calm, CARD_OF_CALM, parts.by_card), len(line))
    return np.where(known, payer, -1), by_card


def _another(lines: Lines, population: Population, params: Params, rng: np.random.Generator) -> Index:
    """Who else fills a line: the partner, a parent, kin elsewhere, a friend; -1 for most lines, and for calm ones."""
    user = np.maximum(lines.user, 0)
    parent = np.where(population.mother[user] >= 0, population.mother[user], population.father[user])
    kin = np.where(population.partner[user] >= 0, population.partner[user], parent)
    mutual = flip(rng, params.top_ups.mutual, len(lines)) & (lines.segment == 0) & (lines.user >= 0)
    away = flip(rng, params.top_ups.mutual_elsewhere, len(lines))
    kin = np.where(away, _elsewhere(lines, population, rng), kin)
    return np.where(mutual & (kin != lines.tops_up), kin, -1)


def _elsewhere(lines: Lines, population: Population, rng: np.random.Generator) -> Index:
    """For each line somebody of another home: kin of the user, else a grown-up user of about the same age; -1."""
    user = np.maximum(lines.user, 0)
    relative = kin_elsewhere(population, rng)[user]
    adults = np.unique(lines.user[lines.mobile & (lines.user >= 0)])
    calm = np.zeros(population.homes, dtype=bool)
    calm[lines.home[(lines.segment > 0) & (lines.home >= 0)]] = True
    relative = np.where((relative >= 0) & ~calm[population.home[relative]], relative, -1)
    adults = adults[population.adult[adults] & ~calm[population.home[adults]]]
    if not len(adults):
        return relative
    adults = adults[np.argsort(population.age[adults], kind="stable")]
    place = np.searchsorted(population.age[adults], population.age[user])
    width = max(int(LIKE_AGE * len(adults)), 5)
    friend = adults[np.clip(place + between(rng, -width, width, len(user)), 0, len(adults) - 1)]
    friend = np.where(population.home[friend] != population.home[user], friend, -1)
    return np.where((relative < 0) | flip(rng, FRIENDS_FILL, len(user)), friend, relative).astype(np.int64)
