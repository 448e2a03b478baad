"""How much do they use in a month, and what does it cost beyond the plan? GB and overage per line and month.

Reads lines; returns arrays [line, month] over the last twelve months. After: contracts; before: leaving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hogar.twin.calendar import MONTHS
from hogar.twin.lines import Line
from hogar.twin.parameters import Params
from hogar.twin.tariffs import BY_ID

NEVER = 99


@dataclass(frozen=True, slots=True)
class Use:
    """GB used and overage in cents [line, month]; `fades_from`: the month in which use starts to die, or 99."""

    gb: NDArray[np.float64]
    overage_cents: NDArray[np.int64]
    fades_from: NDArray[np.int64]


def consume(lines: list[Line], params: Params, rng: np.random.Generator) -> Use:
    """The use of each mobile line in each month, were it alive."""
    count = len(lines)
    usual = np.array([line.gb for line in lines])
    calm = np.array([bool(line.segment) for line in lines])
    spread = np.where(calm, 0.06, params.use.month_sigma)
    noise = np.exp(rng.normal(size=(count, MONTHS)) * spread[:, None])
    fades = (rng.random(count) < params.leaving.fading_lines) & ~calm
    fades_from = np.where(fades, rng.integers(0, MONTHS, count), NEVER)
    months_faded = np.arange(MONTHS)[None, :] - fades_from[:, None] + 1
    gb = np.round(usual[:, None] * noise * np.where(months_faded > 0, np.exp(-0.7 * months_faded), 1.0), 2)
    return Use(gb, _overage(lines, gb), fades_from)


def _overage(lines: list[Line], gb: NDArray[np.float64]) -> NDArray[np.int64]:
    """Beyond the line's allowance, or beyond the whole plan's: then each line bears what it took too much."""
    allowed = np.array([np.inf if line.allowed_gb is None else line.allowed_gb for line in lines])
    prices = np.array(
        [(BY_ID[line.offers[0]].per_gb or 0) if line.kind == "mobile_postpaid" else 0 for line in lines]
    )
    beyond = np.maximum(gb - allowed[:, None], 0.0)
    pool = np.array([line.pool for line in lines])
    pooled = np.flatnonzero((pool >= 0) & (prices > 0))
    if len(pooled):
        used, room, excess = (np.zeros((len(lines), gb.shape[1])) for _ in range(3))
        np.add.at(used, pool[pooled], gb[pooled])
        np.add.at(room, pool[pooled], np.repeat(allowed[pooled, None], gb.shape[1], axis=1))
        np.add.at(excess, pool[pooled], beyond[pooled])
        over = np.maximum(used - room, 0.0)[pool[pooled]]
        beyond[pooled] *= over / np.maximum(excess[pool[pooled]], 1e-9)
    return np.asarray(np.round(beyond * prices[:, None]), dtype=np.int64)
