"""How much do they use in a month, and what does it cost beyond the plan? GB and overage per line and month.

Reads lines; returns arrays [line, month] over the last twelve months. After: contracts; before: leaving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index, Ints
from hogar.twin.calendar import MONTHS
from hogar.twin.chance import flip
from hogar.twin.contracts.lines import POSTPAID, Lines
from hogar.twin.contracts.tariffs import OFFERS
from hogar.twin.parameters import Params

FADES_NEVER = 99
ROOM_GB, ROOM_POOLED_GB = 6.0, 15.0  # beyond the allowance, of an own plan and of one shared: assumed
CALM_SIGMA = 0.06  # a habit: the months of calm homes hardly differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """GB used and overage in cents [line, month]; `fades_from`: the month in which use starts to die, or 99."""

    gb: Floats
    overage_cents: Index
    fades_from: Index


def consume(lines: Lines, params: Params, rng: np.random.Generator) -> Use:
    """The use of each mobile line in each month, were it alive."""
    count, calm, mobile = len(lines), lines.segment > 0, lines.mobile
    spread = np.where(calm, CALM_SIGMA, params.use.month_sigma)
    fades = flip(rng, params.leaving.fading_lines, count) & ~calm
    fades_from = np.where(fades, (rng.random(count) * MONTHS).astype(np.int64), FADES_NEVER)
    gb = np.zeros((count, MONTHS))
    for month in range(MONTHS):
        noise = np.exp(rng.normal(size=count) * spread)
        faded = np.exp(-0.7 * np.maximum(month - fades_from + 1, 0))
        gb[:, month] = np.round(_heeding(lines, np.where(mobile, lines.gb, 0.0) * noise * faded), 2)
    return Use(gb=gb, overage_cents=_overage(lines, gb), fades_from=fades_from)


def _heeding(lines: Lines, gb: Floats) -> Floats:
    """Who nears the bill's end slows down: beyond an allowance that costs, use saturates within some GB."""
    limited = (lines.kind == POSTPAID) & np.isfinite(lines.allowed_gb)
    room = np.where(lines.pool >= 0, ROOM_POOLED_GB, ROOM_GB)
    over = np.maximum(gb - np.where(limited, lines.allowed_gb, np.inf), 0.0)
    return np.asarray(gb - over + room * -np.expm1(-over / room))


def _overage(lines: Lines, gb: Floats) -> Index:
    """Beyond the line's allowance, or beyond the whole plan's: then each line bears what it took too much."""
    per_gb = np.array([offer.per_gb or 0 for offer in OFFERS])
    prices = np.where(lines.kind == POSTPAID, per_gb[lines.offer], 0)
    limited = (prices > 0) & np.isfinite(lines.allowed_gb)
    overage = np.zeros(gb.shape, dtype=np.int64)
    rows = np.flatnonzero(limited)
    allowed, price = lines.allowed_gb[rows], prices[rows]
    pool = lines.pool[rows]
    for month in range(gb.shape[1]):
        used = gb[rows, month]
        beyond = np.maximum(used - allowed, 0.0) * _shared(pool, used, allowed, pool >= 0)
        overage[rows, month] = np.round(beyond * price)
    return overage


def _shared(pool: Ints, used: Floats, allowed: Floats, pooled: Flags) -> Floats:
    """What part of its excess each line pays: all of it, or as much as its whole plan overflows."""
    part = np.ones(len(pool))
    if not pooled.any():
        return part
    plan = pool[pooled]
    excess = np.bincount(plan, np.maximum(used - allowed, 0.0)[pooled])
    over = np.maximum(np.bincount(plan, (used - allowed)[pooled]), 0.0)
    part[pooled] = (over / np.maximum(excess, 1e-9))[plan]
    return part
