"""What do they complain of? Tickets per line over twelve months; overage, outages and bad cells bring more.

Reads lines, use and network; returns tickets. After: use, network; before: leaving, which they drive.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import NEVER, Days, Flags, Index, Ints, Small, runs
from hogar.twin.behaviour.network import FIXED, MOBILE, Network
from hogar.twin.behaviour.use import Use
from hogar.twin.calendar import MONTHS, months_before, today
from hogar.twin.chance import flip
from hogar.twin.contracts.lines import TV, Lines
from hogar.twin.parameters import Params
from hogar.twin.people.places import Places

KINDS = ("complaint", "fault", "question")
COMPLAINT, FAULT, QUESTION = range(3)
TOPICS = (
    ("bill", "coverage", "price", "service"),
    ("no_signal", "slow_internet", "router", "tv_picture"),
    ("bill", "roaming", "plans", "device", "sim"),
)
# How often a topic is meant, by kind of ticket and kind of line: mobile, prepaid, broadband, fixed voice, TV.
TOPIC_WEIGHTS = (
    ((4, 2, 3, 2), (0, 4, 3, 3), (3, 1, 3, 4), (4, 1, 3, 3), (3, 0, 3, 4)),
    ((5, 4, 0, 0), (5, 4, 0, 0), (1, 5, 5, 0), (5, 1, 4, 0), (1, 0, 2, 6)),
    ((4, 2, 2, 2, 2), (0, 3, 2, 2, 4), (5, 0, 4, 2, 0), (5, 0, 3, 1, 0), (5, 0, 5, 1, 0)),
)
BITTER_CENTS = 300  # of overage in a month


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickets:
    """One row a ticket: the line, place in KINDS, place in its TOPICS; `closed` NaT while open.

    `opener` is the person who opened it: the user, the holder, or the home's ICT agent for somebody else's line.
    """

    line: Ints
    kind: Small
    topic: Small
    opened: Days
    closed: Days
    opener: Ints

    def __len__(self) -> int:
        return len(self.line)


def complain(
    lines: Lines,
    use: Use,
    network: Network,
    places: Places,
    adviser: Ints,
    params: Params,
    rng: np.random.Generator,
) -> Tickets:
    """Tickets in no order that means anything; `adviser` is `Roles.adviser` by home. Segments' homes are calm."""
    line, kind, opened = _monthly(lines, use, network, places, params, rng)
    at_line, at_kind, at_day = _after_outages(lines, network, places, params, rng)
    line, kind = np.concatenate([line, at_line]), np.concatenate([kind, at_kind])
    opened = np.concatenate([opened, at_day])
    calm = _calm(lines)
    opener = _opener(lines, line, calm, adviser, params, rng)
    fits = (opened >= lines.started[line]) & (opened < today(params.now))
    fits &= ~((kind == COMPLAINT) & ((lines.segment[line] > 0) | calm[opener]))
    topic = _topic(kind, lines.kind[line], rng)
    closed = _closed(opened, params, rng)
    tickets = Tickets(
        line=line.astype(np.int32),
        kind=kind.astype(np.int8),
        topic=topic.astype(np.int8),
        opened=opened,
        closed=closed,
        opener=opener.astype(np.int32),
    )
    order = rng.permutation(len(line))
    order = order[fits[order]]
    return Tickets(**{field.name: getattr(tickets, field.name)[order] for field in fields(Tickets)})


def complained_before(tickets: Tickets, count: int, months: Days) -> Flags:
    """[line, month]: a complaint within the 90 days before the month's first day."""
    found = np.zeros((count, len(months)), dtype=bool)
    complaints = tickets.kind == COMPLAINT
    line, opened = tickets.line[complaints], tickets.opened[complaints]
    for place, month in enumerate(months):
        back = (month - opened).astype(np.int64)
        found[line[(back > 0) & (back <= 90)], place] = True
    return found


def _monthly(
    lines: Lines, use: Use, network: Network, places: Places, params: Params, rng: np.random.Generator
) -> tuple[Index, Index, Days]:
    """Tickets of each kind and month by rate; dearer months and bad cells bring complaints, bad cells faults."""
    touch, count = params.touch, len(lines)
    found: list[tuple[Index, Index, Days]] = []
    rates = (touch.complaints_year, touch.faults_year, touch.questions_year)
    mobile, bad = lines.mobile, np.maximum(network.dropped / params.network.dropped - 1.0, 0.0)
    for place, month in enumerate(months_before(params.now)):
        cell, _ = where(lines, places, month)
        worse = np.where(mobile & (cell >= 0), bad[np.maximum(cell, 0), place], 0.0)
        bitter = 1.0 + 1.6 * (use.overage_cents[:, place] >= BITTER_CENTS)
        factors = (bitter + params.network.bad_cell_complaints * worse, 1.0 + 0.5 * worse, np.ones(count))
        for kind, (rate, factor) in enumerate(zip(rates, factors, strict=True)):
            line = np.flatnonzero(rng.random(count) < rate / MONTHS * factor)
            days = (rng.random(len(line)) * 28).astype(np.int64)
            found.append((line, np.full(len(line), kind), month + days))
    line, kinds, opened = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return line, kinds, opened


def _after_outages(
    lines: Lines, network: Network, places: Places, params: Params, rng: np.random.Generator
) -> tuple[Index, Index, Days]:
    """Of the lines that an outage cuts off some report a fault the same day, and a few complain in the week after."""
    cell, postcode = where(lines, places, today(params.now))
    fixed = ~lines.mobile
    struck = [
        _struck(network, MOBILE, np.where(fixed, -1, cell)),
        _struck(network, FIXED, np.where(fixed, postcode, -1)),
    ]
    outage, line = (np.concatenate(parts) for parts in zip(*struck, strict=True))
    long = np.clip(network.minutes[outage] / params.network.outage_minutes, 0.2, 4.0)
    day = network.at[outage].astype("datetime64[D]")
    faults = np.flatnonzero(flip(rng, params.network.outage_fault * long, len(line)))
    complaints = np.flatnonzero(flip(rng, params.network.outage_complaint * long, len(line)))
    later = 1 + (rng.random(len(complaints)) * 7).astype(np.int64)
    return (
        np.concatenate([line[faults], line[complaints]]),
        np.repeat([FAULT, COMPLAINT], [len(faults), len(complaints)]),
        np.concatenate([day[faults], day[complaints] + later]),
    )


def where(lines: Lines, places: Places, day: np.datetime64) -> tuple[Index, Index]:
    """The home cell and the postcode of each line on a day; -1 for a company's spare SIMs."""
    home = np.maximum(lines.home, 0)
    dwelling = np.where(places.moved[home] > day, places.before[home], places.dwelling[home])
    building = places.building[np.where(dwelling < 0, places.dwelling[home], dwelling)]
    cell, postcode = places.cell[building], places.postcode[building]
    return np.where(lines.home < 0, -1, cell), np.where(lines.home < 0, -1, postcode)


def _struck(network: Network, technology: int, place: NDArray[Any]) -> tuple[Index, Index]:
    """(outage, line) for each line in a place at which the technology was out."""
    outages = np.flatnonzero(network.technology == technology)
    order = np.argsort(place, kind="stable")
    first = np.searchsorted(place[order], network.where[outages], side="left")
    size = np.searchsorted(place[order], network.where[outages], side="right") - first
    return np.repeat(outages, size), order[runs(first, size)]


def _calm(lines: Lines) -> Flags:
    """Persons of segments' homes, by number; the last place is nobody's."""
    persons = max(int(column.max(initial=0)) for column in (lines.user, lines.holder)) + 2
    calm = np.zeros(persons, dtype=bool)
    calm[lines.user[(lines.segment > 0) & (lines.user >= 0)]] = True
    return calm


def _opener(
    lines: Lines, line: Index, calm: Flags, adviser: Ints, params: Params, rng: np.random.Generator
) -> Index:
    """Who opens it: the home's ICT agent for others' lines now and then, else the user or the holder."""
    draws = rng.random((2, len(line)))
    user, holder, home = lines.user[line], lines.holder[line], lines.home[line]
    opener = np.where((user < 0) | (draws[0] < 0.5), holder, user)
    agent = np.where(home >= 0, adviser[np.maximum(home, 0)], -1)
    speaks = (agent >= 0) & (agent < len(calm) - 1) & (agent != user) & (draws[1] < params.touch.agent_opens)
    return np.asarray(np.where(speaks, agent, opener), dtype=np.int64)


def _topic(kind: Index, line_kind: Small, rng: np.random.Generator) -> Index:
    """A topic by weight that suits the kind of line."""
    edges = np.full((len(KINDS), TV + 1, max(map(len, TOPICS))), 2.0)
    for one, weights in enumerate(TOPIC_WEIGHTS):
        share = np.cumsum(np.array(weights, dtype=np.float64), axis=1)
        edges[one, :, : share.shape[1]] = share / share[:, -1:]
        edges[one, :, share.shape[1] - 1] = 2.0
    draws = rng.random(len(kind))
    return np.asarray((draws[:, None] >= edges[kind, line_kind]).sum(axis=1))


def _closed(opened: Days, params: Params, rng: np.random.Generator) -> Days:
    """Within twelve days; not yet, or still not, for some of the last weeks."""
    extract, count = today(params.now), len(opened)
    closed = opened + (rng.random(count) * 12).astype(np.int64)
    stuck = flip(rng, params.touch.still_open, count) & ((extract - opened).astype(np.int64) <= 30)
    return np.where((closed >= extract) | stuck, NEVER, closed)
