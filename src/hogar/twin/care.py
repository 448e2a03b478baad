"""What do they complain of? Tickets per line over twelve months; overage makes complaints likelier.

Reads lines and use; returns tickets. After: use; before: leaving, which they drive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hogar.twin.calendar import MONTHS, months_before
from hogar.twin.lines import Line
from hogar.twin.parameters import Params
from hogar.twin.use import Use

TOPICS = {
    "complaint": ("bill", "coverage", "price", "service"),
    "fault": ("no_signal", "slow_internet", "router", "tv_picture"),
    "question": ("bill", "roaming", "plans", "device", "sim"),
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket about a line; `closed` None while open."""

    line: int
    kind: str
    topic: str
    opened: date
    closed: date | None


def complain(lines: list[Line], use: Use, params: Params, rng: np.random.Generator) -> list[Ticket]:
    """Tickets in the order of kind, line, month; segments' homes are the calm ones."""
    touch, today = params.touch, params.now.date()
    months = months_before(params.now)
    calm = np.array([bool(line.segment) for line in lines])
    started = np.array([line.started for line in lines], dtype="datetime64[D]")
    lives = started[:, None] < np.array(months, dtype="datetime64[D]")[None, :]
    bitter = 1.0 + 1.6 * (use.overage_cents >= 300)
    tickets: list[Ticket] = []
    for kind, rate in (
        ("complaint", touch.complaints_year),
        ("fault", touch.faults_year),
        ("question", touch.questions_year),
    ):
        chance = rate / MONTHS * (bitter if kind == "complaint" else np.ones_like(bitter))
        hit = (rng.random(chance.shape) < chance) & lives & ~(calm[:, None] & (kind == "complaint"))
        for line, month in zip(*np.nonzero(hit), strict=True):
            draws = rng.random(4)
            opened = months[month] + timedelta(days=int(draws[0] * 28))
            recent = (today - opened).days <= 30
            closed = opened + timedelta(days=int(draws[1] * 12))
            is_open = closed >= today or (recent and draws[2] < touch.still_open)
            topics = TOPICS[kind]
            topic = topics[int(draws[3] * len(topics))]
            tickets.append(Ticket(int(line), kind, topic, opened, None if is_open else closed))
    return tickets


def complained_before(tickets: list[Ticket], count: int, months: list[date]) -> NDArray[np.bool_]:
    """[line, month]: a complaint within the 90 days before the month."""
    found = np.zeros((count, len(months)), dtype=bool)
    for ticket in tickets:
        if ticket.kind == "complaint":
            for place, month in enumerate(months):
                found[ticket.line, place] |= 0 < (month - ticket.opened).days <= 90
    return found
