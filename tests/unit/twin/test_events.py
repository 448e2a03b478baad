"""Do events come as a bus delivers them: mostly in time, some late, some twice, none of the future?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest

from hogar.twin.chance import Chance
from hogar.twin.events import month

SEEDS = (1, 2)


def _arrivals(events):
    """Events that came later than one that happened after them."""
    latest, late = "", 0
    for event in events:
        late += event.time < latest
        latest = max(latest, event.time)
    return late


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_of_late_and_doubled_events_are_as_asked(market, seed):
    """Of 100 events about 3 come late and 1 comes twice; each twin says the same and comes later."""
    made = market(2000, seed)
    params = made.world.params.events
    counts = Counter((event.id, event.source) for event in made.events)
    unique = {event.id: event for event in made.events}
    assert set(counts.values()) == {1, 2}
    assert len(unique) == len(counts), "an id is used by one source"
    assert all(unique[event.id] == event for event in made.events)
    assert abs(sum(n == 2 for n in counts.values()) / len(counts) - params.duplicated) < 0.01
    first = list(dict.fromkeys(event.id for event in made.events))
    late = _arrivals([unique[id] for id in first]) / len(first)
    assert 0.5 * params.late < late < 1.2 * params.late


def test_without_lateness_events_stand_in_time_order(market):
    """Late and doubled ones are all that disturbs the order."""
    world = market(300, 1).world
    params = replace(world.params, events=replace(world.params.events, late=0.0, duplicated=0.0))
    times = [event.time for event in month(replace(world, params=params), Chance(1).stream("events"))[0]]
    assert times == sorted(times)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_event_is_of_the_future_or_older_than_a_month(market, seed):
    """All of the 30 days before the extract."""
    made = market(2000, seed)
    now = datetime.fromisoformat(made.now)
    for event in made.events:
        assert 0 < (now - datetime.fromisoformat(event.time)).total_seconds() <= 30 * 86_400


@pytest.mark.parametrize("seed", SEEDS)
def test_all_types_are_there_and_name_parties_or_lines_of_ours(market, seed):
    """Each type's subject is a line that the truth knows, or a web account."""
    made = market(2000, seed)
    lines = set(made.truth["lines"]["line_id"].to_pylist()) | set(
        made.truth["company_members"]["line_id"].to_pylist()
    )
    web = {party for party in made.truth["membership"]["party_id"].to_pylist() if party.startswith("web:")}
    for event in made.events:
        assert event.subject in (web if event.source == "/web" else lines), event
    assert {event.type.removeprefix("com.acme.") for event in made.events} == {
        "roaming.v1.arrived", "usage.v1.allowance_reached", "care.v1.outage_ended", "web.v1.visited",
        "web.v1.cart_abandoned", "care.v1.complaint_opened", "device.v1.changed", "topup.v1.made",
        "line.v1.port_out_requested", "sim.v1.swapped",
    }  # fmt: skip


def test_ids_say_nothing_of_the_order(market):
    """The number in an id and its place in time are unrelated."""
    events = market(2000, 1).events
    numbers = [int(event.id[1:]) for event in events]
    rising = sum(one < other for one, other in pairwise(numbers))
    assert abs(rising / len(numbers) - 0.5) < 0.02


def test_a_visit_has_one_id_in_the_log_of_the_web_and_on_the_bus(market):
    """Whoever reads both counts a visit once: same id, same moment, same account, same topic."""
    made = market(300, 1)
    log = {row["visit_id"]: row for row in made.silos["web/visits.csv"].to_pylist()}
    told = {event.id: event for event in made.events if event.type == "com.acme.web.v1.visited"}
    both = log.keys() & told.keys()
    assert len(both) > 0.9 * len(told) > 10  # dirt loses or spoils some rows
    exact = [
        id for id in both
        if log[id]["user_id"] == told[id].subject.removeprefix("web:") and log[id]["page"] == told[id].data["topic"]
    ]  # fmt: skip
    assert len(exact) > 0.9 * len(both)


def test_travellers_by_habit_landed_this_morning(market):
    """Ten arrivals within the last hour at least, some of which say for how long."""
    made = market(2000, 1)
    morning = [
        e for e in made.events if e.type.endswith("roaming.v1.arrived") and e.time >= "2026-03-02T08:00:00Z"
    ]
    assert len({event.id for event in morning}) >= 10
    assert {"stay_days" in event.data for event in morning} == {True, False}
