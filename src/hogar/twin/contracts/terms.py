"""Since when, and for how long? Starts, commitments, and the terms of homes that a story is looked for in.

Writes the columns `started`, `commitment_until`, `plan_since`, `ported_from` of lines that are being signed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import NEVER, Days, Flags, Index
from hogar.twin.calendar import today
from hogar.twin.chance import pick
from hogar.twin.contracts.lines import OPERATORS, PREPAID, Lines
from hogar.twin.contracts.segments import RENEWER
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population

DAYS_A_MONTH = 30.44
YEAR, TWO_YEARS = 365, 730
LONGEST_DAYS = 7300  # mobile telephony for everybody is not older


def agree(lines: Lines, population: Population, params: Params, rng: np.random.Generator) -> None:
    """A start for every line, a commitment for most contracts, the operator from which a number came."""
    parts, count, now = params.contracts, len(lines), today(params.now)
    of_person = lines.mobile & (lines.user >= 0)
    old_enough = population.birth[np.maximum(lines.user, 0)] + _years(params.onnet.sim_from_age)
    of_age = population.birth[lines.holder] + _years(18)
    earliest = np.where(of_person, np.maximum(of_age, old_enough), of_age)
    longest = np.clip((now - earliest).astype(np.int64), 1, LONGEST_DAYS)
    lines.started[:] = now - _days(_tenure(longest, parts.tenure_months * DAYS_A_MONTH, rng))
    lines.plan_since[:] = lines.started
    _commit(lines, params, rng)
    ported = lines.mobile & (rng.random(count) < np.where(lines.kind == PREPAID, 0.3, 1.0) * parts.ported_in)
    lines.ported_from[:] = np.where(ported, pick(rng, np.ones(len(OPERATORS)), count), -1)


def _tenure(longest: Index, mean: float, rng: np.random.Generator) -> Index:
    """Days since the start: falling exponentially, cut off where the line cannot be older (by the inverse)."""
    whole = 1 - np.exp(-longest / mean)
    return np.asarray(
        np.minimum(9 - mean * np.log1p(-rng.random(len(longest)) * whole), longest).astype(np.int64)
    )


def _commit(lines: Lines, params: Params, rng: np.random.Generator) -> None:
    """A commitment of one or two years that runs, has run out, or never was; a new one is a new plan.

    None was renewed within the last year, of which CRM would show nothing but the new one: who looks back at
    the year would then see in a line's commitment that it stayed.
    """
    now, draws = today(params.now), rng.random((3, len(lines)))
    running = draws[0] < params.contracts.in_commitment
    over = ~running & (draws[0] < 0.9)
    until = np.where(
        running,
        now + _days(1 + (draws[1] * (YEAR - 1)).astype(np.int64)),
        now - _days(1 + (draws[1] * 500).astype(np.int64)),
    )
    signed = until - _days(np.where(running | (draws[1] > 0.4), TWO_YEARS, YEAR))
    early: Flags = signed.astype(np.int64) < days_of(lines.started)
    until = np.where(early, lines.started + _days(np.where(draws[2] < 0.6, TWO_YEARS, YEAR)), until)
    bound = (running | over) & (lines.kind != PREPAID)
    lines.commitment_until[:] = np.where(bound, until, NEVER)
    lines.plan_since[:] = np.where(bound & ~early, np.minimum(signed, now), lines.plan_since)


def settle_in(lines: Lines, population: Population, params: Params, rng: np.random.Generator) -> None:
    """Lines of homes with a segment: of most of a year at least, so that what the home usually spends is known.

    A renewer is a customer of some years whose second commitment ends within weeks.
    """
    now, draws = today(params.now), rng.random((3, len(lines)))
    chosen: Flags = lines.segment > 0
    young = chosen & (lines.started > now - _days(250))
    oldest = now - _days(250 + (draws[0] * 400).astype(np.int64))
    of_age = population.birth[lines.holder] + _years(18)
    oldest = np.maximum(oldest, of_age)
    lines.commitment_until[young] -= (lines.started - oldest)[young]
    lines.started[young] = oldest[young]
    lines.plan_since[young] = np.minimum(lines.plan_since, oldest)[young]
    late = chosen & (lines.plan_since < lines.started)
    lines.plan_since[late] = lines.started[late]

    renews = lines.focus & (lines.segment == RENEWER)
    until = now + _days(5 + (draws[1] * 50).astype(np.int64))
    long_ago = until - _days(1460 + (draws[2] * 800).astype(np.int64))
    lines.commitment_until[renews] = until[renews]
    lines.started[renews] = np.minimum(lines.started, np.maximum(long_ago, of_age))[renews]
    lines.plan_since[renews] = (until - _days(TWO_YEARS))[renews]


def _years(count: int) -> np.timedelta64:
    return np.timedelta64(int(365.25 * count) + 1, "D")


def _days(count: Any) -> NDArray[np.timedelta64]:
    return np.asarray(count).astype("timedelta64[D]")


def days_of(values: Days) -> NDArray[np.int64]:
    """Days as whole numbers since 1970, for sums and maxima."""
    return values.astype(np.int64)
