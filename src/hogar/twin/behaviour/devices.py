"""Which phones are the SIMs in? Devices in use, earlier ones, some handed down, some sold on through a dealer.

Reads living and ended mobile lines, tastes; returns one row per line and device. After: leaving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Days, Flags, Floats, Index, Ints, Texts
from hogar.twin.behaviour.handing import Freed, hand_on
from hogar.twin.behaviour.leaving import last_sign
from hogar.twin.behaviour.models import MONTH_DAYS, bought, catalogue
from hogar.twin.calendar import today
from hogar.twin.chance import between, flip, pick
from hogar.twin.contracts.lines import POSTPAID, Lines
from hogar.twin.contracts.segments import RENEWER
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.people.tastes import Tastes

DEALERS_FROM = 2000  # persons: below there is no phone dealer
TAKER_FOUND = 0.45  # of phones meant for somebody: nobody here can use the others
LENT_ELSEWHERE = 0.5  # of phones lent to another SIM for some days, not at home
LENDERS_ASKED = 4  # for a phone that was in use on that day
LONG_OPEN_DAYS = 1400  # a dealer has had the line for so long, where there is such a one


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceUses:
    """One device in one line; `device` is a number that the silo shows as a keyed hash of the IMEI.

    `dealers` are lines of phone dealers, through whose SIM many unrelated devices pass for a day or two.
    """

    line: Ints
    device: Index
    model: Ints  # a row of `models`
    first: Days
    last: Days
    models: Texts
    released: Days  # a model
    dealers: Ints

    def __len__(self) -> int:
        return len(self.line)


def equip(
    lines: Lines, population: Population, tastes: Tastes, params: Params, rng: np.random.Generator
) -> DeviceUses:
    """The device in use and earlier ones; hand-downs go to members of the home, to kin, or to friends."""
    count, parts, last = len(lines), params.devices, last_sign(lines, params)
    models, released = catalogue()
    equipped = lines.mobile & (lines.user >= 0)
    eager = np.where(lines.user >= 0, tastes.gadgets[np.maximum(lines.user, 0)], 0.0)
    kept = lines.focus & (lines.segment == RENEWER)
    since = _since(lines, last, kept, eager, params, rng)
    known = flip(rng, parts.earlier_known, count) & equipped
    dealers = _dealers(lines, int(population.onnet.sum()), params, rng)

    # Whoever gives a phone away takes none in: so all lines' stories are settled in one pass.
    handed_down = min(parts.handed_down / TAKER_FOUND, 1 - parts.resold)
    fate = pick(rng, (1 - handed_down - parts.resold, handed_down, parts.resold), count)
    gives = known & (since > lines.started) & (fate > 0)
    freed = Freed(line=np.flatnonzero(gives), day=since[gives], resold=fate[gives] == 2)
    handed = hand_on(freed, lines, last, equipped & ~gives & ~kept, dealers, population, params, rng)
    takes = handed.taker >= 0
    giver, taker = freed.line[takes], handed.taker[takes]
    since[taker] = handed.start[takes]

    begin = np.maximum(lines.started, since - (200 + (rng.random(count) * 900).astype(np.int64)))
    model = bought(since, eager, released, params, rng)
    earlier_model = bought(begin, eager, released, params, rng)
    device, earlier = np.arange(count), np.arange(count) + count
    device[taker], model[taker] = earlier[giver], earlier_model[giver]
    now = np.flatnonzero(equipped)
    before = np.flatnonzero(known & (begin < since))
    shown = np.flatnonzero(handed.dealer >= 0)
    sold, day = freed.line[shown], handed.shown[shown]
    swap = _swap(lines, equipped, since, last, params, rng)
    borrowed, other = swap.other >= 0, np.maximum(swap.other, 0)
    second = np.where(borrowed, device[other], swap.line + 2 * count)
    own_second = bought(swap.day, eager[swap.line], released, params, rng)
    second_model = np.where(borrowed, model[other], own_second)
    return DeviceUses(
        line=np.concatenate([now, before, handed.dealer[shown], swap.line]).astype(np.int32),
        device=np.concatenate([device[now], earlier[before], earlier[sold], second]),
        model=np.concatenate([model[now], earlier_model[before], earlier_model[sold], second_model]).astype(
            np.int32
        ),
        first=np.concatenate([since[now], begin[before], day, swap.day]),
        last=np.concatenate([last[now], since[before], day + handed.shown_days[shown], swap.day + swap.days]),
        models=models,
        released=released,
        dealers=dealers.astype(np.int32),
    )


def _since(
    lines: Lines, last: Days, kept: Flags, eager: Floats, params: Params, rng: np.random.Generator
) -> Days:
    """The first day of the device in use: some months ago, fewer for gadget lovers; nearly three years where kept."""
    count = len(lines)
    months = rng.gamma(2.2, params.devices.age_months / 2.2, count) * np.exp(-0.25 * eager) + 0.2
    months = np.where(kept, 32 + 14 * rng.random(count), months)
    since = today(params.now) - (months * MONTH_DAYS).astype(np.int64)
    return np.minimum(np.maximum(since, lines.started), last)


def _dealers(lines: Lines, persons: int, params: Params, rng: np.random.Generator) -> Index:
    """Lines of phone dealers: old ones and businesses' first; none in a small market or a calm home."""
    might = np.flatnonzero((lines.kind == POSTPAID) & lines.living & (lines.segment == 0) & (lines.user >= 0))
    wanted = (
        max(int(lines.mobile.sum()) // params.devices.lines_per_dealer, 1) if persons >= DEALERS_FROM else 0
    )
    young = today(params.now) - lines.started[might] < LONG_OPEN_DAYS
    order = np.lexsort((rng.random(len(might)), ~lines.by_business[might], young))
    return might[order[:wanted]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Swap:
    """SIMs that sat some days in another device: of another line (`other`; of any home), or a second one of its own."""

    line: Index
    other: Index
    day: Days
    days: Index


def _swap(
    lines: Lines, equipped: Flags, since: Days, last: Days, params: Params, rng: np.random.Generator
) -> _Swap:
    """Some SIMs, for some days of the last year; of those lent, half by somebody at home, half by anybody."""
    chosen = flip(rng, params.devices.second_device, len(lines)) & equipped & (lines.segment == 0)
    back, days = between(rng, 10, 360, len(lines)), between(rng, 0, 5, len(lines))
    day = last - back
    line = np.flatnonzero(chosen & (day >= lines.started))
    ordered = np.flatnonzero(equipped)
    ordered = ordered[np.argsort(lines.home[ordered], kind="stable")]
    neighbour = np.full(len(lines), -1, dtype=np.int64)
    neighbour[ordered[:-1]] = ordered[1:]
    other, at_home = neighbour[line], lines.home[line]
    near = np.maximum(other, 0)
    lent = (other >= 0) & (lines.home[near] == at_home) & (at_home >= 0)
    lent &= (since[near] <= day[line]) & (last[near] >= day[line]) & (rng.random(len(line)) < 0.5)
    away = lent & flip(rng, LENT_ELSEWHERE, len(line))
    other = np.where(lent & ~away, other, -1)
    might = np.flatnonzero(equipped & (lines.segment == 0))
    for draws in rng.random((LENDERS_ASKED, len(line))) if len(might) else ():
        asked = might[(draws * len(might)).astype(np.int64)]
        fits = (since[asked] <= day[line]) & (last[asked] >= day[line]) & (lines.home[asked] != at_home)
        other = np.where(away & (other < 0) & fits, asked, other)
    return _Swap(line=line, other=other, day=day[line], days=days[line])
