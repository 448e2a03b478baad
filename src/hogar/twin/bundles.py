"""Which lines are sold as one? Home plans and family plans, one bill's lines, one fee; and plans that do not fit.

Changes the lines that `contracts` has signed for one home. After: their plans; before: accounts.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from hogar.twin.lines import Line
from hogar.twin.segments import Leaning
from hogar.twin.tariffs import BY_ID, monthly_cents


def bundle(fixed: list[Line], postpaid: list[Line], leaning: Leaning, rng: np.random.Generator) -> None:
    """Home plans and family plans: one fee, on one line; data is the whole plan's."""
    draws = rng.random(2)
    ours = [line for line in postpaid if not line.by_business]
    fibre = next((line for line in fixed if line.kind == "broadband" and line.offers[0] != "ADSL-20"), None)
    television = next((line for line in fixed if line.offers == ("TV-BASIC",)), None)
    if fibre is not None and television is not None and len(ours) >= 2 and draws[0] < leaning.convergent:
        plan = "HOGAR-4" if len(ours) >= 4 else "HOGAR-2"
        _pool(plan, [fibre, television], ours[: BY_ID[plan].mobile_lines])
    elif len(ours) >= 3 and draws[1] < leaning.family_plan:
        plan = "FAM-4" if len(ours) >= 4 else "FAM-3"
        _pool(plan, [], ours[: BY_ID[plan].mobile_lines])
    elif leaning.segment == "misfit":
        _misfit(ours)


def _pool(plan: str, fixed: list[Line], mobile: list[Line]) -> None:
    first = (*fixed, *mobile)[0]
    allowance = BY_ID[plan].data_gb
    since = max(line.plan_since for line in (*fixed, *mobile))
    for line in (*fixed, *mobile):
        line.offers, line.pool = (plan,), first.number
        line.fee = monthly_cents(plan) if line is first else 0
        line.commitment_until, line.plan_since = first.commitment_until, since
    for line in mobile:
        line.allowed_gb = round(allowance / len(mobile), 1) if allowance is not None else None


def _misfit(ours: list[Line]) -> None:
    """Plans that were signed without a look at the use: one far too big, one too small."""
    use = sorted(ours, key=lambda line: line.gb)
    for line, plan, low, high in zip(
        use,
        ("MOB-L", "MOB-M", "MOB-M", "MOB-S"),
        (1.0, 4.0, 5.0, 5.5),
        (2.5, 7.0, 7.0, 7.0),
        strict=False,
    ):
        line.offers, line.fee, line.allowed_gb = (plan,), monthly_cents(plan), BY_ID[plan].data_gb
        line.gb = float(np.clip(line.gb, low, high))
    last = use[-1]
    last.offers, last.fee, last.allowed_gb = ("MOB-S",), monthly_cents("MOB-S"), BY_ID["MOB-S"].data_gb
    last.gb = float(np.clip(last.gb, 5.5, 7.0))


def nearly_over(line: Line, today: date, rng: np.random.Generator) -> None:
    """A customer of some years whose second commitment ends within weeks."""
    draws = rng.random(2)
    line.commitment_until = today + timedelta(days=5 + int(draws[0] * 50))
    line.started = min(line.started, line.commitment_until - timedelta(days=1460 + int(draws[1] * 800)))
    line.plan_since = line.commitment_until - timedelta(days=730)


def settle_in(line: Line, today: date, rng: np.random.Generator) -> None:
    """A line of most of a year at least: what its home usually spends is known by then."""
    oldest = today - timedelta(days=250 + int(rng.random() * 400))
    if line.started > today - timedelta(days=250):
        line.started, line.plan_since = oldest, min(line.plan_since, oldest)
