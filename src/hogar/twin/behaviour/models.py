"""Which phones can be bought? Three makers, each with one model a year, and who buys which on a day.

Reads nothing; returns the catalogue of all markets. Used by: devices.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Days, Floats, Index, Texts
from hogar.twin.parameters import Params

MAKERS = ("Aria", "Boreal", "Cumbre")
FIRST_YEAR = 2015  # of the models that are numbered; older ones are minis
OLDEST_YEAR, LATEST_YEAR = 2000, 2040
MONTH_DAYS = 30.44


def catalogue() -> tuple[Texts, Days]:
    """Names and days of release, by year and maker."""
    names = [
        f"{maker} {year - FIRST_YEAR + 1}" if year >= FIRST_YEAR else f"{maker} Mini {year - OLDEST_YEAR + 1}"
        for year in range(OLDEST_YEAR, LATEST_YEAR)
        for maker in MAKERS
    ]
    days = [
        f"{year}-{3 + 3 * place:02d}-12"
        for year in range(OLDEST_YEAR, LATEST_YEAR)
        for place in range(len(MAKERS))
    ]
    return np.array(names, dtype=object), np.array(days, dtype="datetime64[D]")


def bought(day: Days, eager: Floats, released: Days, params: Params, rng: np.random.Generator) -> Index:
    """A model that was on the market by the day: gadget lovers (`eager` above 0) take newer ones."""
    count = len(day)
    late = rng.exponential(params.devices.bought_late_months * np.exp(-0.3 * eager)) * MONTH_DAYS + 5
    maker = (rng.random(count) * len(MAKERS)).astype(np.int64)
    wanted = day - late.astype(np.int64)
    year = wanted.astype("datetime64[Y]").astype(np.int64) + 1970
    year = np.clip(year, OLDEST_YEAR + 1, LATEST_YEAR - 1)
    model = (year - OLDEST_YEAR) * len(MAKERS) + maker
    return np.where(released[model] > day, model - len(MAKERS), model)
