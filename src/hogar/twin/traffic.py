"""Whom do they call, what do they use day by day, where do they travel? The usage platform's view of lines.

Reads living lines; returns arrays. The platform sees everybody: consent is a matter of who reads it.
After: leaving.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hogar.twin.calendar import month_end, months_before
from hogar.twin.leaving import alive_in
from hogar.twin.lines import Line
from hogar.twin.parameters import Params
from hogar.twin.population import Population
from hogar.twin.segments import TRAVELLER
from hogar.twin.use import NEVER, Use

COUNTRIES = ("US", "MA", "GB", "CH", "TR", "MX", "AR", "TH")


@dataclass(frozen=True, slots=True)
class Trip:
    """A stay outside the EU: days counted back from the extract (`from_day` 60 is the oldest), MB a day."""

    line: int
    from_day: int
    days: int
    country: str
    mb: float


@dataclass(frozen=True, slots=True)
class Days:
    """Use per line and day; `country` is an index into COUNTRIES, -1 at home."""

    line: NDArray[np.int64]
    day: NDArray[np.datetime64]
    data_mb: NDArray[np.float64]
    voice_min: NDArray[np.float64]
    roaming_mb: NDArray[np.float64]
    country: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ties:
    """Calls between two numbers in a month. Numbers from `offnet_from` on belong to other operators."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    month: NDArray[np.int64]
    calls: NDArray[np.int64]
    minutes: NDArray[np.float64]
    evening: NDArray[np.float64]
    offnet_from: int
    offnet_count: int


def travel(lines: list[Line], params: Params, rng: np.random.Generator) -> list[Trip]:
    """Trips within the extract's days. Travellers by habit were away some weeks ago."""
    trips: list[Trip] = []
    window = params.use.usage_days
    for line in lines:
        if "mobile" not in line.kind or line.ended is not None:
            continue
        draws = rng.random(5)
        habit = line.focus and line.segment == TRAVELLER
        if habit:
            trips.append(Trip(line.number, int(window * (0.5 + 0.35 * draws[0])), 6 + int(draws[1] * 10),
                              COUNTRIES[int(draws[2] * 8)], 140 + 90 * draws[3]))  # fmt: skip
        elif draws[4] < params.use.travels:
            trips.append(Trip(line.number, 12 + int(draws[0] * max(1, window - 14)), 3 + int(draws[1] ** 2 * 18),
                              COUNTRIES[int(draws[2] * 8)], 20 + 200 * draws[3]))  # fmt: skip
    return trips


def days_of_use(
    lines: list[Line], use: Use, trips: list[Trip], params: Params, rng: np.random.Generator
) -> Days:
    """One row per mobile line and day on which it was used."""
    window, today = params.use.usage_days, params.now.date()
    mobile = [
        line
        for line in lines
        if "mobile" in line.kind and alive_in(line, today - timedelta(days=window), today)
    ]
    number = np.array([line.number for line in mobile], dtype=np.int64)
    back = np.arange(window, 0, -1)
    day = np.datetime64(today) - back
    shape = (len(mobile), window)
    first = np.array([line.started for line in mobile], dtype="datetime64[D]")
    last = np.array([line.ended or today for line in mobile], dtype="datetime64[D]")
    lives = (day[None, :] >= first[:, None]) & (day[None, :] <= last[:, None])
    silent = np.where(use.fades_from[number] != NEVER, 0.45, 0.04)
    lives &= rng.random(shape) >= silent[:, None]
    usual = use.gb[number, -2:].mean(axis=1) * 1000 / 30
    data = usual[:, None] * np.exp(rng.normal(size=shape) * 0.5 - 0.125)
    voice = rng.gamma(1.2, 7.0, shape) * (1 - 0.6 * params.use.ott)
    roaming, country = np.zeros(shape), np.full(shape, -1)
    row = {line.number: place for place, line in enumerate(mobile)}
    for trip in trips:
        begin = window - trip.from_day
        here = slice(begin, min(begin + trip.days, window))
        roaming[row[trip.line], here] = trip.mb
        country[row[trip.line], here] = COUNTRIES.index(trip.country)
    away = country >= 0
    roaming *= np.where(away, np.exp(rng.normal(size=shape) * 0.15), 0)
    data[away] = 0.0
    at = np.nonzero(lives)
    return Days(number[at[0]], day[at[1]], np.round(data[at], 1), np.round(voice[at], 1),
                np.round(roaming[at], 1), country[at])  # fmt: skip


def call(lines: list[Line], population: Population, params: Params, rng: np.random.Generator) -> Ties:
    """Who talks with whom: at home, with kin elsewhere, friends, other operators, and a few hubs."""
    months = months_before(params.now)[-params.use.tie_months :]
    main = _main_lines(lines)
    spoken = 1 - params.use.ott
    pairs: list[
        tuple[int, int, float, float]
    ] = []  # line, line or off-net number, calls a month, evening share
    for home in population.homes:
        users = [main[number] for number in home.members if number in main]
        pairs += [(a, b, 38 * spoken * float(rng.gamma(1.6, 0.6)), 0.45) for i, a in enumerate(users)
                  for b in users[i + 1 :] if rng.random() < 0.93]  # fmt: skip
        other = population.elsewhere.get(home.number, -1)
        if other in main:
            pairs += [(user, main[other], 18 * spoken * float(rng.gamma(2.0, 0.5)), 0.5) for user in users]
    users = list(main.values())
    friends = rng.poisson(params.use.friends / 2, len(users))
    for user, count in zip(users, friends, strict=True):
        for _ in range(count):
            weight = 30.0 if rng.random() < 0.03 else 6.0 * float(np.exp(rng.normal() * 1.0))
            pairs.append((user, users[int(rng.random() * len(users))], weight * spoken, 0.35))
    offnet_from = len(lines)
    offnet = offnet_from
    hubs = max(1, len(users) // 400)
    for user, count in zip(users, rng.poisson(params.use.offnet_alters, len(users)), strict=True):
        for _ in range(count):
            hub = rng.random() < 0.06
            number = (
                offnet_from + int(rng.random() * hubs) if hub else offnet_from + hubs + (offnet - offnet_from)
            )
            offnet += not hub
            pairs.append((user, number, 5.0 * spoken * float(np.exp(rng.normal() * 1.1)), 0.4))
    return _months_of_calls(lines, _once(pairs), months, offnet_from, hubs + offnet - offnet_from, rng)


def _months_of_calls(
    lines: list[Line],
    pairs: NDArray[np.float64],
    months: list[date],
    offnet_from: int,
    offnet: int,
    rng: np.random.Generator,
) -> Ties:
    one, other = pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)
    calls = rng.poisson(np.minimum(pairs[:, 2], 400.0)[:, None], (len(pairs), len(months)))
    alive = np.array([[alive_in(line, month, month_end(month)) for month in months] for line in lines]
                     + [[True] * len(months)])  # fmt: skip
    calls *= alive[one] & alive[np.minimum(other, len(lines))]
    row, month = np.nonzero(calls)
    count = np.asarray(calls[row, month], dtype=np.int64)
    minutes: NDArray[np.float64] = np.round(count * np.exp(rng.normal(size=len(count)) * 0.5 + 0.9), 1)
    evening = np.round(np.clip(pairs[row, 3] + rng.normal(size=len(count)) * 0.35 / np.sqrt(count), 0, 1), 3)
    return Ties(one[row], other[row], month, count, minutes, evening, offnet_from, offnet)


def _once(pairs: list[tuple[int, int, float, float]]) -> NDArray[np.float64]:
    """Each pair of numbers once, the smaller first, no calls with oneself."""
    seen: dict[tuple[int, int], tuple[float, float]] = {}
    for a, b, weight, evening in pairs:
        if a != b:
            seen.setdefault((min(a, b), max(a, b)), (weight, evening))
    return np.array([(a, b, weight, evening) for (a, b), (weight, evening) in seen.items()]).reshape(-1, 4)


def _main_lines(lines: list[Line]) -> dict[int, int]:
    """The line by which each user is called: the first of his mobile lines."""
    main: dict[int, int] = {}
    for line in lines:
        if "mobile" in line.kind:
            main.setdefault(line.user, line.number)
    return main
