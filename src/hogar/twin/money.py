"""What do they pay? Bills of lines month by month, and top-ups with who paid them.

Reads lines and use; returns rows. After: leaving.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hogar.twin.calendar import moment, month_end, months_before
from hogar.twin.leaving import alive_in
from hogar.twin.lines import Line
from hogar.twin.parameters import Params
from hogar.twin.use import Use


@dataclass(frozen=True, slots=True)
class Bill:
    """One line's part of a monthly bill, in cents and GB as printed."""

    line: int
    account: int
    month: date
    fee: int
    overage: int
    used_gb: float | None
    allowed_gb: float | None


@dataclass(frozen=True, slots=True)
class TopUp:
    """A top-up; `payer` -1 where it was bought with cash."""

    line: int
    at: str
    cents: int
    payer: int
    by_card: bool


def bills(lines: list[Line], use: Use, params: Params) -> list[Bill]:
    """A bill for every postpaid line and every whole month in which it lived."""
    months = list(enumerate(months_before(params.now)))[-params.use.bill_months :]
    found: list[Bill] = []
    for line in lines:
        if line.account < 0:
            continue
        mobile = line.kind == "mobile_postpaid"
        for place, month in months:
            if alive_in(line, month, month_end(month)):
                used = float(use.gb[line.number, place]) if mobile else None
                overage = int(use.overage_cents[line.number, place])
                found.append(Bill(line.number, line.account, month, line.fee, overage, used, line.allowed_gb))
    return found


def top_ups(lines: list[Line], use: Use, params: Params, rng: np.random.Generator) -> list[TopUp]:
    """One to three top-ups a month for a living prepaid line, fewer when it fades."""
    months = list(enumerate(months_before(params.now)))[-params.use.bill_months :]
    found: list[TopUp] = []
    for line in lines:
        if line.kind != "mobile_prepaid":
            continue
        for place, month in months:
            if not alive_in(line, month, month_end(month)):
                continue
            last = min(line.ended or date.max, month_end(month))
            first = max(line.started, month)
            for cents in _amounts(line, int(use.fades_from[line.number]) <= place, rng):
                day = first + timedelta(days=int(rng.random() * ((last - first).days + 1)))
                how = rng.random()
                known = bool(line.segment) or how < 0.75
                payer = line.tops_up if known else -1
                found.append(TopUp(line.number, moment(rng, day), cents, payer, known and how > 0.15))
    return found


def _amounts(line: Line, fades: bool, rng: np.random.Generator) -> list[int]:
    if line.segment:  # a habit: the same every month, give or take a note
        return [1000, 500] if rng.random() < 0.6 else [2000] if rng.random() < 0.5 else [1000]
    if fades and rng.random() < 0.7:
        return []
    count = int(rng.poisson(line.top_up_eur / 11.0))
    return [int(rng.choice((500, 1000, 1000, 1500, 2000))) for _ in range(min(count, 5))]
