"""Which phones are the SIMs in? Models with release dates, devices in use, earlier ones, some handed down at home.

Reads living and ended mobile lines; returns one row per line and device. After: leaving.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hogar.twin.lines import Line
from hogar.twin.parameters import Params
from hogar.twin.segments import RENEWER

MAKERS = ("Aria", "Boreal", "Cumbre")
FIRST_YEAR = 2015


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """One device in one line; `device` is a number that the silo shows as a keyed hash."""

    line: int
    device: int
    model: str
    first: date
    last: date
    released: date


def equip(lines: list[Line], params: Params, rng: np.random.Generator) -> list[DeviceUse]:
    """The device in use and, for half of the lines, the one before it; a fifth of those went to another member."""
    today = params.now.date()
    rows: list[DeviceUse] = []
    freed: dict[int, DeviceUse] = {}
    device = 0
    for line in lines:
        if "mobile" not in line.kind:
            continue
        draws = rng.random(4)
        months = float(rng.gamma(2.2, params.devices.age_months / 2.2)) + 0.2
        last = min(line.ended or today, today)
        kept = line.focus and line.segment == RENEWER
        first = today - timedelta(days=int(30.44 * (32 + 14 * draws[0] if kept else months)))
        first = min(max(first, line.started), last)
        before = freed.pop(line.home, None) if not kept and line.ended is None else None
        if before is not None and before.last <= today - timedelta(days=7) and before.last >= line.started:
            start = min(before.last + timedelta(days=int(draws[1] * 6)), last)
            rows.append(DeviceUse(line.number, before.device, before.model, start, last, before.released))
            continue
        model, released = _model(first, rng, params)
        rows.append(DeviceUse(line.number, device, model, first, last, released))
        device += 1
        if first > line.started and draws[2] < 0.5:
            earlier = max(line.started, first - timedelta(days=int(200 + draws[3] * 900)))
            old, old_released = _model(earlier, rng, params)
            rows.append(DeviceUse(line.number, device, old, earlier, first, old_released))
            device += 1
            if rng.random() < params.devices.handed_down * 2:
                freed[line.home] = rows[-1]
    return rows


def _model(bought: date, rng: np.random.Generator, params: Params) -> tuple[str, date]:
    """A model that was on the market by then: each maker has one a year."""
    late = int(rng.exponential(params.devices.bought_late_months) * 30.44) + 5
    maker = int(rng.random() * len(MAKERS))
    wanted = bought - timedelta(days=late)
    year = max(wanted.year, FIRST_YEAR)
    released = date(year, 3 + 3 * maker, 12)
    if released > bought:
        year, released = year - 1, date(year - 1, 3 + 3 * maker, 12)
    return f"{MAKERS[maker]} {year - FIRST_YEAR + 1}", released
