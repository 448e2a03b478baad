"""Who leaves, and when? Month by month over the last year, for reasons that were visible at the time, and others.

Reads lines, use, tickets; returns the same lines with `ended` and `reason`. After: use, care; before: all that
only living lines do. A prepaid line leaves in silence: it is used and topped up no more, and ends some weeks later.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hogar.twin.arrays import NEVER, Days, Flags, Floats
from hogar.twin.behaviour.care import Tickets, complained_before
from hogar.twin.behaviour.use import Use
from hogar.twin.calendar import months_before
from hogar.twin.chance import between, uniform
from hogar.twin.contracts.lines import CANCELLED, PORT_OUT, PREPAID, SILENT, STAYS, Lines
from hogar.twin.parameters import Params

FIXED = -0.6  # log-odds of lines that are no mobiles: they are not ported by a visit to a shop
FIRST_QUIET_DAYS = 14


def leave(lines: Lines, use: Use, tickets: Tickets, params: Params, rng: np.random.Generator) -> Lines:
    """Ends lines. A month's chance of leaving depends only on what happened before that month."""
    months, count = months_before(params.now), len(lines)
    complained = complained_before(tickets, count, months)
    prepaid, stays = lines.kind == PREPAID, lines.segment > 0
    unseen = rng.normal(size=count) * params.leaving.unseen
    ported = rng.random(count) < 0.6
    ended = np.full(count, NEVER)
    for place, month in enumerate(months):
        draws, days = rng.random(count), between(rng, 0, 26, count)
        alive = np.isnat(ended) & (lines.started < month)
        logit = _visible(lines, use, complained, alive, place, month, params) + unseen
        leaves = alive & ~stays & (draws < 1 / (1 + np.exp(-logit)))
        ended[leaves] = month + days[leaves]
    left = ~np.isnat(ended)
    reason = np.select([~left, prepaid, ported], [STAYS, SILENT, PORT_OUT], CANCELLED)
    until = np.where(ended < lines.plan_since, NEVER, lines.commitment_until)  # nobody renews what has ended
    return replace(lines, ended=ended, reason=reason.astype(np.int8), commitment_until=until)


def last_sign(lines: Lines, params: Params) -> Days:
    """The last day on which a line did anything: the extract's while it lives, weeks before a silent end.

    The same for whoever asks: it depends on the line's own start and use alone.
    """
    span = max(params.leaving.quiet_days_max - FIRST_QUIET_DAYS, 0) + 1
    quiet = FIRST_QUIET_DAYS + (uniform(0, "last sign", *lines.print_of()) * span).astype(np.int64)
    last = np.where(lines.reason == SILENT, np.maximum(lines.ended - quiet, lines.started), lines.ended)
    return np.where(np.isnat(lines.ended), np.datetime64(params.now.date(), "D"), last)


def _visible(
    lines: Lines, use: Use, complained: Flags, alive: Flags, place: int, month: np.datetime64, params: Params
) -> Floats:
    """Log-odds by all that could be seen before the month."""
    leaving, home = params.leaving, np.maximum(lines.home, 0)
    siblings = np.bincount(home, alive & (lines.home >= 0), minlength=1)
    overage = use.overage_cents[:, max(0, place - 3) : place].mean(axis=1) if place else np.zeros(len(lines))
    until = lines.commitment_until
    logit = (
        leaving.base
        + leaving.overage * np.minimum(overage / 500, 2)
        + leaving.complaint * complained[:, place]
        + leaving.commitment_over * (until < month)
        + leaving.in_commitment * ((until >= month) & (lines.plan_since <= month))
        + leaving.first_year * (month - lines.started < np.timedelta64(365, "D"))
        + leaving.fading * (use.fades_from < place)
        + leaving.alone * ((siblings[home] == 1) & (lines.home >= 0))
        + leaving.prepaid * (lines.kind == PREPAID)
        + FIXED * ~lines.mobile
    )
    return np.asarray(logit, dtype=np.float64)
