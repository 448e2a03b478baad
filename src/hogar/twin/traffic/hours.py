"""At what time of day, and on which days? Profiles over the hours of a day and the days of a week.

Reads parameters and uniform numbers; returns seconds of the day, weights of days. Before: day, months.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index, Ints, Small
from hogar.twin.chance import uniform
from hogar.twin.parameters import Params
from hogar.twin.traffic.bonds import COLLEAGUE, COMPANY, HUB, KIN, WHY

HOUR = 3600
DAY = 24 * HOUR
EVENING_FROM = 18
NIGHT_UNTIL, NIGHT_FROM = 7, 22
WORK_FROM, WORK_UNTIL = 9, 18
NIGHT, WORK, EVENING, WEEKEND = range(4)  # places in day.HOUR_CLASSES
QUIET_WEEKENDS = {
    COLLEAGUE: 0.12,
    COMPANY: 0.10,
    HUB: 0.45,
    KIN: 1.35,
}  # weekend day beside a working day: assumed


def is_weekend(day: np.datetime64) -> bool:
    """Saturday or Sunday."""
    return (int(day.astype(np.int64)) + 3) % 7 >= 5


def weight_of_days(params: Params) -> Floats:
    """What a working day (0) and a weekend day (1) bear of a pair's mean day, [kind of day, WHY]."""
    beside = np.full(len(WHY), float(params.traffic.weekend))
    for why, share in QUIET_WEEKENDS.items():
        beside[why] = share
    working = 7 / (5 + 2 * beside)
    return np.stack([working, working * beside])


def evening_on_working_days(evening: Floats, why: Small, params: Params) -> Floats:
    """The share of a pair's calls after 18:00 on working days, given that of evenings and weekends together."""
    weekend = (weight_of_days(params)[1] * 2 / 7)[why]
    return np.asarray(np.clip((evening - weekend) / (1 - weekend), 0.0, 1.0))


def second_of_day(profile: Sequence[float], draws: Floats, late: Flags | None = None) -> Index:
    """The second of the day for uniform draws; where `late` is told, before or after 18:00 accordingly."""
    edges = np.concatenate([[0.0], np.cumsum(np.asarray(profile, dtype=np.float64))])
    edges /= edges[-1]
    if late is not None:
        cut = edges[EVENING_FROM]
        draws = np.where(late, cut + draws * (1 - cut), draws * cut)
    seconds = np.interp(draws, edges, np.arange(25) * float(HOUR)).astype(np.int64)
    if late is not None:
        seconds = np.where(
            late, np.maximum(seconds, EVENING_FROM * HOUR), np.minimum(seconds, EVENING_FROM * HOUR - 1)
        )
    return np.asarray(np.minimum(seconds, DAY - 1))


def class_of(seconds: Index | Ints, weekend: Flags) -> Small:
    """Night from 22:00 to 07:00; by day at weekends; work from 09:00 to 18:00; else evening."""
    hour = seconds // HOUR
    night = (hour < NIGHT_UNTIL) | (hour >= NIGHT_FROM)
    at_work = (hour >= WORK_FROM) & (hour < WORK_UNTIL)
    return np.select([night, weekend, at_work], [NIGHT, WEEKEND, WORK], EVENING).astype(np.int8)


def ups_and_downs(days: int, quiet: float, sigma: float = 0.5) -> Floats:
    """A month of uneven days with mean 1, of which a share is quiet: lognormal quantiles in a fixed mixed order.

    Each line reads it from a place of its own, so that its days sum to its month.
    """
    silent = min(days - 1, round(days * quiet))
    used = days - silent
    normal = np.array([_quantile((place + 0.5) / used) for place in range(used)])
    weights = np.concatenate([np.zeros(silent), np.exp(sigma * normal)])
    mixed = np.argsort(uniform(0, "ups and downs", np.arange(days)), kind="stable")
    return np.asarray(weights[mixed] * days / weights.sum())


def _quantile(share: float) -> float:
    """Of the normal distribution, by the logistic approximation of Bowling et al. (2009)."""
    return float(np.log(share / (1 - share)) / 1.702)
