"""Which SIMs do they use? One at least for every customer; second ones, a trader's, prepaid ones of all owners.

Reads people, tastes, leanings and payers; returns blocks of mobile lines, without terms. After: payers, pools.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index, count_of, one_of_each, runs
from hogar.twin.contracts.drafts import PLACE, PLANS, blank, joined, take
from hogar.twin.contracts.leaning import Leaning
from hogar.twin.contracts.lines import POSTPAID, PREPAID, Lines
from hogar.twin.contracts.segments import JOINT_BAND
from hogar.twin.parameters import AGES, Params
from hogar.twin.people.population import Population
from hogar.twin.people.tastes import Tastes


def first_sims(
    population: Population, tastes: Tastes, leaning: Leaning, pays: Index, holds: Index, outside: Index,
    has_other: Flags, params: Params, rng: np.random.Generator,
) -> Lines:  # fmt: skip
    """The line of every user who has no other (such as an employer's); prepaid or on a contract."""
    users = np.flatnonzero(population.onnet & ~has_other)
    home, adult = population.home[users], population.adult[users]
    draws = rng.random((3, len(users)))
    gb = usual_gb(population, tastes, users, params, rng)
    focus = leaning.focus[home] == users
    joint = leaning.segment[home] == JOINT_BAND
    partner = joint & ~focus & adult
    prepaid = partner | (~focus & (draws[0] < leaning.prepaid[home, population.stage[users]]))
    gb = np.where(joint & focus, np.clip(gb, 3.5, 6.5), gb)

    contract = ~prepaid
    own = users[contract]
    lines = blank(len(own), POSTPAID)
    lines.home[:], lines.user[:], lines.gb[:] = home[contract], own, gb[contract]
    shared = (rng.random(population.homes) < leaning.one_payer)[home]
    for_home = np.where(focus, False, shared | ~adult)[contract]
    lines.payer[:] = np.where(for_home, pays[lines.home], own)
    lines.holder[:] = np.where(for_home, holds[lines.home], own)
    paid_away = outside[own] >= 0
    in_their_name = paid_away & ((draws[2] < 0.5)[contract] | ~adult[contract])
    lines.payer[paid_away] = outside[own[paid_away]]
    lines.holder[paid_away] = np.where(adult[contract], own, lines.holder)[paid_away]
    lines.holder[in_their_name] = lines.payer[in_their_name]
    _plan(lines, leaning, rng)
    registered = register_prepaid(
        population, users[prepaid], gb[prepaid], partner[prepaid], leaning, pays, params, rng
    )
    return joined([lines, registered])


def second_sims(
    population: Population,
    tastes: Tastes,
    leaning: Leaning,
    pays: Index,
    params: Params,
    rng: np.random.Generator,
) -> Lines:
    """Second SIMs of adults, some prepaid; a sole trader's belong to the business, which may equip the partner."""
    parts, adults = params.contracts, np.flatnonzero(population.onnet & population.adult)
    draws = rng.random((3, len(adults)))
    calm = leaning.chosen[population.home[adults]]
    trader = population.trader[adults] & ~calm
    second = ~trader & (draws[0] < leaning.second_sim[population.home[adults]])
    prepaid = adults[second & (draws[1] < parts.second_prepaid)]
    private = adults[second & (draws[1] >= parts.second_prepaid)]
    traders = adults[trader]
    partner = population.partner[adults]
    helped = trader & (draws[2] < parts.trader_equips_partner) & (partner >= 0) & population.onnet[partner]
    user = np.concatenate([private, traders, partner[helped]])
    holder = np.concatenate([private, traders, adults[helped]])
    lines = blank(len(user), POSTPAID)
    lines.home[:], lines.user[:] = population.home[user], user
    lines.holder[:] = lines.payer[:] = holder
    lines.gb[:] = 0.5 * usual_gb(population, tastes, user, params, rng)
    _plan(lines, leaning, rng)
    trading = np.arange(len(user)) >= len(private)
    lines.by_business[:] = trading
    take(lines, np.flatnonzero(trading), np.full(int(trading.sum()), PLACE["MOB-M"]))
    gb = 0.5 * usual_gb(population, tastes, prepaid, params, rng)
    never = np.zeros(len(prepaid), dtype=bool)
    return joined([lines, register_prepaid(population, prepaid, gb, never, leaning, pays, params, rng)])


def register_prepaid(
    population: Population, users: Index, gb: Floats, partner: Flags, leaning: Leaning, pays: Index,
    params: Params, rng: np.random.Generator,
) -> Lines:  # fmt: skip
    """Prepaid SIMs: registered to the user, to another adult of the home, to somebody outside, to who knows whom.

    Topped up by the user, or by who pays at home; `partner` marks those of whom both are known.
    """
    parts, count = params.contracts, len(users)
    home, adult = population.home[users], population.adult[users]
    draws = rng.random((4, count))
    another = another_adult(population, users, rng)
    strangers = np.flatnonzero(population.adult & ~leaning.chosen[population.home])
    stranger = strangers[(draws[1] * len(strangers)).astype(np.int64)] if len(strangers) else users
    to_another = (another >= 0) & ~partner & ((draws[0] < parts.prepaid_registered_to_another) | ~adult)
    away = parts.prepaid_registered_outside
    to_outside = ~partner & ~to_another & (draws[0] > 1 - away)
    nobody_known = ~partner & (draws[3] < parts.prepaid_registered_unknown)
    lines = blank(count, PREPAID)
    lines.home[:], lines.user[:] = home, users
    lines.holder[:] = np.where(to_another, another, np.where(to_outside | nobody_known, stranger, users))
    unfit = ~population.adult[lines.holder]  # a child alone: whoever pays at home
    lines.holder[unfit] = pays[home[unfit]]
    take(lines, np.arange(count), np.full(count, PLACE["PRE-B"]))
    lines.allowed_gb[:] = np.nan
    lines.gb[:] = np.minimum(gb, 3.0)
    lines.top_up_eur[:] = np.where(partner, 15.0, np.clip(rng.gamma(4.0, 3.2, count), 4.0, 45.0))
    by_payer = partner | ~adult | ((population.partner[users] >= 0) & (draws[2] < parts.partner_tops_up))
    lines.tops_up[:] = np.where(by_payer, pays[home], users)
    return lines


def another_adult(population: Population, users: Index, rng: np.random.Generator) -> Index:
    """For each of these persons another adult of the same home, -1 where there is none."""
    home = population.home[users]
    size = population.size[home]
    member = runs(population.first[home], size)
    asks = np.repeat(np.arange(len(users)), size)
    weight = (population.adult[member] & (member != users[asks])).astype(np.float64)
    found = one_of_each(asks, weight, rng.random(len(member)), len(users))
    return np.where(found >= 0, member[np.maximum(found, 0)], -1) if len(member) else found


def usual_gb(
    population: Population, tastes: Tastes, users: Index, params: Params, rng: np.random.Generator
) -> Floats:
    """Data a month: the age's median, by the user's appetite (three fifths of the spread) and by chance."""
    use = params.use
    median = np.array([use.data_gb[age] for age in AGES])[population.stage[users]]
    score = np.sqrt(0.6) * tastes.data[users] + np.sqrt(0.4) * rng.standard_normal(len(users))
    return np.asarray(median * np.exp(use.data_sigma * score))


def _plan(lines: Lines, leaning: Leaning, rng: np.random.Generator) -> None:
    """The plan that the use asks for, or one that it does not."""
    draws = rng.random((2, len(lines)))
    fits = np.searchsorted([2.3, 8.0, 34.0], lines.gb, side="right")
    strays = draws[0] < leaning.misfit[lines.home]
    take(lines, np.arange(len(lines)), PLANS[np.where(strays, (draws[1] * 3).astype(np.int64), fits)])


def users_of(population: Population, lines: Lines) -> Flags:
    """Which persons use one of these lines."""
    return np.asarray(count_of(lines.user, population.persons) > 0)
