"""Which top-ups does a corner shop do? Shops with many customers who have nothing else in common.

Reads prepaid lines and their top-ups; returns each top-up's shop. Used by: money.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Index
from hogar.twin.chance import flip
from hogar.twin.contracts.lines import Lines
from hogar.twin.parameters import Params

BIG_FROM, SHOPS_FROM = 5000, 1000  # persons: from here on one shop is big; below, there is none
THROUGH_SHOP = 0.35  # of a customer's top-ups go through the shop, at least
CUSTOMERS_LEAST = 12  # of any shop


def at_shops(lines: Lines, line: Index, persons: int, params: Params, rng: np.random.Generator) -> Index:
    """The shop of each top-up (of `line`), or -1: customers come back to theirs, calm homes keep their own habits.

    One shop is bigger than all others: it is the corner shop that fills some hundreds of SIMs.
    """
    parts, through = params.top_ups, min(max(THROUGH_SHOP, 1.5 * params.top_ups.shop), 1.0)
    times = np.bincount(line, minlength=len(lines))
    might = np.flatnonzero((times > 0) & (lines.segment == 0))
    might = might[rng.permutation(len(might))]
    reached = np.cumsum(1 + (times[might] - 1) * through)  # a customer's first goes there by definition
    customers = might[: int(np.searchsorted(reached, parts.shop * len(line), side="right"))]
    at_shop = flip(rng, through, len(line))
    if persons < SHOPS_FROM or not len(customers):
        return np.full(len(line), -1, dtype=np.int64)
    shop = np.full(len(lines), -1, dtype=np.int64)
    big = min(round(parts.big_shop_sims * min(persons / BIG_FROM, 1.0)), len(customers))
    others = min(len(lines) // parts.lines_per_shop - 1, (len(customers) - big) // CUSTOMERS_LEAST)
    shop[customers[:big]] = 0
    shop[customers[big:]] = 1 + np.arange(len(customers) - big) % others if others > 0 else 0
    at_shop[np.unique(line, return_index=True)[1]] = True  # how one becomes a customer
    return np.where(at_shop, shop[line], -1)
