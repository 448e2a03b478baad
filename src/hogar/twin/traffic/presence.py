"""Where is each person on one day, hour by hour? At home, at work, with kin, with friends, on a trip.

Reads whereabouts and trips; returns the plan of a day, which is asked for places at times. Before: day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index, Ints, Small
from hogar.twin.calendar import today
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.traffic.hours import HOUR, is_weekend
from hogar.twin.traffic.trips import Trips
from hogar.twin.traffic.whereabouts import Whereabouts

WORKS_HOURS, LEARNS_HOURS = 8.5, 6.5
JOINS = 0.65  # of a circle's members come when it meets
OUT_FROM_AGE = 12
NEVER_THERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One person a row: the cell of the night, and two outings with their seconds of the day; -1 cells abroad."""

    night: Ints
    first: Ints  # work, school, kin
    first_from: Ints
    first_until: Ints
    second: Ints  # friends
    second_from: Ints
    second_until: Ints
    country: Small  # -1 in this country
    mb: Floats  # of a day abroad
    away: Flags  # on a trip

    def at(self, person: Index | Ints, second: Index | Ints) -> tuple[Ints, Small]:
        """Cell (-1 abroad) and country (-1 here) of persons at seconds of the day."""
        cell = self.night[person]
        out = (second >= self.first_from[person]) & (second < self.first_until[person])
        cell = np.where(out, self.first[person], cell)
        out = (second >= self.second_from[person]) & (second < self.second_until[person])
        return np.where(out, self.second[person], cell).astype(np.int32), self.country[person]


def plan(
    population: Population,
    whereabouts: Whereabouts,
    trips: Trips,
    day: np.datetime64,
    params: Params,
    rng: np.random.Generator,
) -> Plan:
    """Where everybody is on this day."""
    count, weekend = population.persons, is_weekend(day)
    night = _night(whereabouts, day)
    first = np.full(count, NEVER_THERE, dtype=np.int32)
    begins, lasts = np.zeros(count), np.zeros(count)
    draws = rng.random((3, count), dtype=np.float32)
    if weekend:
        visits = (rng.random(population.homes) < params.traffic.kin_visits)[population.home] & (
            whereabouts.kin >= 0
        )
        first[visits] = whereabouts.kin[visits]
        begins = 11.5 + 2 * rng.random(population.homes)[population.home]
        lasts = 3.0 + 3 * draws[0]
    else:
        works = (whereabouts.work >= 0) & (draws[0] < params.traffic.works_away)
        first[works] = whereabouts.work[works]
        begins = whereabouts.starts + (draws[1] - 0.5) * 0.6
        lasts = np.where(population.age < 18, LEARNS_HOURS, WORKS_HOURS) + (draws[2] - 0.5)
    goes = first >= 0
    meets, meets_from = _evening_out(population, whereabouts, params, rng)
    country, mb, cell, away = _on_trips(count, trips, day, params)
    goes, meets = goes & ~away, meets & ~away
    return Plan(
        night=np.where(away, cell, night).astype(np.int32),
        first=first,
        first_from=np.where(goes, begins * HOUR, 0).astype(np.int32),
        first_until=np.where(goes, (begins + lasts) * HOUR, 0).astype(np.int32),
        second=whereabouts.evening,
        second_from=np.where(meets, meets_from * HOUR, 0).astype(np.int32),
        second_until=np.where(meets, (meets_from + 2.0 + 2.5 * draws[1]) * HOUR, 0).astype(np.int32),
        country=country,
        mb=mb,
        away=away,
    )


def _night(whereabouts: Whereabouts, day: np.datetime64) -> Ints:
    """The home of this week, or the one before a move; children of two homes change on Mondays."""
    week = (int(day.astype(np.int64)) + 3) // 7
    night = np.where((whereabouts.other >= 0) & (week % 2 == 1), whereabouts.other, whereabouts.home)
    earlier = (whereabouts.before >= 0) & (day < whereabouts.changed)
    return np.where(earlier, whereabouts.before, night).astype(np.int32)


def _evening_out(
    population: Population, whereabouts: Whereabouts, params: Params, rng: np.random.Generator
) -> tuple[Flags, Floats]:
    """Circles meet, at one time for all of them; members join, small children never, the old rarely."""
    circles = int(whereabouts.circle.max(initial=0)) + 1
    meet = rng.random(circles) < min(1.0, params.traffic.evenings_out / JOINS)
    at = 17.5 + 3 * rng.random(circles)
    joins = rng.random(population.persons) < JOINS * np.where(population.age >= 70, 0.6, 1.0)
    circle = whereabouts.circle
    return meet[circle] & (circle >= 0) & joins & (population.age >= OUT_FROM_AGE), at[circle]


def _on_trips(
    count: int, trips: Trips, day: np.datetime64, params: Params
) -> tuple[Small, Floats, Ints, Flags]:
    """Country, data of a day abroad, cell, and who is on a trip on this day."""
    start = today(params.now) - trips.from_day.astype("timedelta64[D]")
    now = np.flatnonzero((start <= day) & (day < start + trips.days.astype("timedelta64[D]")))
    country, mb = np.full(count, -1, dtype=np.int8), np.zeros(count)
    cell, away = np.full(count, -1, dtype=np.int32), np.zeros(count, dtype=bool)
    who = trips.person[now]
    country[who], mb[who], cell[who], away[who] = trips.country[now], trips.mb[now], trips.cell[now], True
    return country, mb, cell, away
