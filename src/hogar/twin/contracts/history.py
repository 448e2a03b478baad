"""What did each line hold, and what beside its plan? Earlier plans, instalments, insurance, bundles for trips.

Reads the signed lines and tastes; returns rows, one an offer and a line. A line's own end is not in here: a silo
writes that end where `until` is open. Instalments and insurance are collected by a partner, not on our bill.
Homes with a segment hold nothing beside their plans. After: bundles.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import NEVER, Days, Index
from hogar.twin.calendar import today
from hogar.twin.chance import pick
from hogar.twin.contracts.drafts import PLACE, PLANS
from hogar.twin.contracts.lines import BROADBAND, POSTPAID, TV, History, Lines
from hogar.twin.contracts.tariffs import OFFERS
from hogar.twin.contracts.terms import TWO_YEARS
from hogar.twin.parameters import Params
from hogar.twin.people.tastes import Tastes

Rows = tuple[Index, Index, Days, Days]  # line, offer, since, until


def remember(lines: Lines, tastes: Tastes, params: Params, rng: np.random.Generator) -> History:
    """The plan of every line, earlier ones of some, and what some bought beside it."""
    since = np.maximum(lines.started, lines.plan_since)
    everyone = np.arange(len(lines))
    parts: list[Rows] = [
        (everyone, lines.offer.astype(np.int64), since, np.full(len(lines), NEVER)),
        *_earlier(lines, since, params, rng),
        *_devices(lines, tastes, params, rng),
        _trips(lines, tastes, params, rng),
    ]
    return History(
        line=np.concatenate([part[0] for part in parts]).astype(np.int32),
        offer=np.concatenate([part[1] for part in parts]).astype(np.int32),
        since=np.concatenate([part[2] for part in parts]),
        until=np.concatenate([part[3] for part in parts]),
    )


def _earlier(lines: Lines, since: Days, params: Params, rng: np.random.Generator) -> list[Rows]:
    """The plan before this one, mostly a smaller one, and now and then the one before that."""
    draws = rng.random((4, len(lines)))
    step = np.full(len(OFFERS), -1)
    step[PLANS] = np.arange(len(PLANS))
    own = step[lines.offer]
    by_use = np.searchsorted([2.3, 8.0], lines.gb, side="right")
    down = np.where(own == 0, 1, np.where((draws[1] < 0.25) & (own < 3), own + 1, own - 1))
    plan = PLANS[np.where(own >= 0, down, by_use)]
    fibre = np.where(
        lines.offer == PLACE["ADSL-20"],
        -1,
        np.where(lines.offer == PLACE["FIB-300"], PLACE["ADSL-20"], PLACE["FIB-300"]),
    )
    television = np.where(lines.offer == PLACE["TV-BASIC"], -1, PLACE["TV-BASIC"])
    before = np.select(
        [lines.kind == POSTPAID, lines.kind == BROADBAND, lines.kind == TV], [plan, fibre, television], -1
    )
    rows = np.flatnonzero(
        (before >= 0) & (since > lines.started) & (draws[0] < params.contracts.earlier_plan)
    )
    long = (
        (lines.kind == POSTPAID) & (draws[2] < 0.35) & ((since - lines.started).astype(np.int64) > TWO_YEARS)
    )
    changed = lines.started + ((since - lines.started).astype(np.int64) * (0.3 + 0.4 * draws[3])).astype(
        "timedelta64[D]"
    )
    twice = rows[long[rows]]
    taken = np.zeros((len(twice), len(PLANS)), dtype=bool)
    taken[np.arange(len(twice)), step[before[twice]]] = True
    holding = own[twice] >= 0
    taken[np.flatnonzero(holding), own[twice][holding]] = True
    oldest = PLANS[np.argmin(taken, axis=1)]
    start = np.where(long, changed, lines.started)
    return [
        (rows, before[rows], start[rows], since[rows]),
        (twice, oldest, lines.started[twice], changed[twice]),
    ]


def _devices(lines: Lines, tastes: Tastes, params: Params, rng: np.random.Generator) -> list[Rows]:
    """Phones on instalments of two years, some insured for as long; over by now, or running."""
    parts, now, draws = params.contracts, today(params.now), rng.random((4, len(lines)))
    user = np.maximum(lines.user, 0)
    wish = np.exp(0.5 * tastes.gadgets[user] - 0.125)
    could = (lines.kind == POSTPAID) & (lines.user >= 0) & (lines.segment == 0)
    bought = now - (draws[1] * 1000).astype(np.int64).astype("timedelta64[D]")
    rows = np.flatnonzero(could & (draws[0] < parts.device_instalments * wish) & (bought >= lines.started))
    paid = bought[rows] + np.timedelta64(TWO_YEARS, "D")
    until = np.where(paid < now, paid, NEVER)
    phone = np.where(draws[2, rows] < 0.6, PLACE["DEV-PHONE-A"], PLACE["DEV-PHONE-B"])
    safe = draws[3, rows] < parts.device_insured
    insurance = np.full(int(safe.sum()), PLACE["INS-DEVICE"])
    return [(rows, phone, bought[rows], until), (rows[safe], insurance, bought[rows][safe], until[safe])]


def _trips(lines: Lines, tastes: Tastes, params: Params, rng: np.random.Generator) -> Rows:
    """Roaming bundles of trips that are over."""
    now, draws = today(params.now), rng.random((2, len(lines)))
    kinds = np.array([PLACE[name] for name in ("ROAM-2GB-7", "ROAM-2GB-14", "ROAM-2GB-30")])
    offer = kinds[pick(rng, [0.6, 0.3, 0.1], len(lines))]
    wish = np.exp(0.6 * tastes.travel[np.maximum(lines.user, 0)] - 0.18)
    since = now - (40 + (draws[1] * 660).astype(np.int64)).astype("timedelta64[D]")
    could = (lines.kind == POSTPAID) & (lines.user >= 0) & (lines.segment == 0) & (since >= lines.started)
    rows = np.flatnonzero(could & (draws[0] < params.contracts.roaming_bundles * wish))
    lasts = np.array([offer.validity_days or 0 for offer in OFFERS])
    return rows, offer[rows], since[rows], since[rows] + lasts[offer[rows]].astype("timedelta64[D]")
