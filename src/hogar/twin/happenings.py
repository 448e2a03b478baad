"""What happened in the last weeks? Arrivals abroad, full allowances, outages, visits, complaints, top-ups, departures.

Reads the world; returns drafts of events, type by type: when, of which line, what. After: everything that happens;
before: `events`, which tells in which order word of them came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Index, Texts, runs
from hogar.twin.behaviour.care import KINDS as TICKET_KINDS
from hogar.twin.behaviour.care import TOPICS as TICKET_TOPICS
from hogar.twin.behaviour.touch import TOPICS
from hogar.twin.chance import between, flip
from hogar.twin.contracts.lines import BROADBAND, OPERATORS, PORT_OUT, TV
from hogar.twin.contracts.segments import TRAVELLER
from hogar.twin.traffic.whereabouts import COUNTRIES
from hogar.twin.world import World

DAYS = 30
ROAMING, CHARGING, FAULTS, CARE, WEB, DEVICES, BALANCE, PORTING, SIMS = (
    "/network/roaming", "/charging", "/network/faults", "/care", "/web", "/network/devices", "/balance",
    "/porting", "/network/sims",
)  # fmt: skip
Moments = NDArray[Any]  # datetime64[s]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Events of one type: when, of which line (or, of a visit, which person's account), and what is said of it."""

    source: str
    type: str
    at: Moments
    subject: NDArray[Any]  # lines, or persons
    data: Texts  # one dictionary a row; rows that say the same share it
    web: bool = False
    rows: Index | None = None  # of visits: which rows of the web's own log they are

    def of_window(self, now: np.datetime64) -> Drafts:
        """Those of the last 30 days, the moment of the extract not included."""
        kept = (self.at >= now - np.timedelta64(DAYS, "D")) & (self.at < now)
        return Drafts(
            source=self.source, type=self.type, at=self.at[kept], subject=self.subject[kept], data=self.data[kept],
            web=self.web, rows=None if self.rows is None else self.rows[kept],
        )  # fmt: skip


def last_weeks(world: World, now: np.datetime64, rng: np.random.Generator) -> list[Drafts]:
    """All that happened in the last 30 days. Travellers by habit landed this morning; half said for how long."""
    found = (
        _trips(world, now, rng),
        _this_morning(world, now, rng),
        _allowances(world, now, rng),
        *_outages(world, now),
        _visits(world),
        _baskets(world, rng),
        _complaints(world, rng),
        _new_devices(world, rng),
        _top_ups(world),
        _departures(world, rng),
        _sim_swaps(world, now, rng),
    )
    return [one.of_window(now) for one in found]


def _trips(world: World, now: np.datetime64, rng: np.random.Generator) -> Drafts:
    """Arrivals abroad: the line by which the traveller is called meets a foreign network."""
    trips, first = world.trips, first_lines(world)
    gone = np.flatnonzero((trips.country >= 0) & (trips.from_day > 0) & (trips.from_day <= DAYS))
    gone = gone[first[trips.person[gone]] >= 0]
    at = now - trips.from_day[gone].astype("timedelta64[D]") - _minutes(between(rng, 0, 599, len(gone)))
    countries = _shared([{"country": name} for name in COUNTRIES])
    return Drafts(
        source=ROAMING, type="com.acme.roaming.v1.arrived", at=at, subject=first[trips.person[gone]],
        data=countries[trips.country[gone]],
    )  # fmt: skip


def _this_morning(world: World, now: np.datetime64, rng: np.random.Generator) -> Drafts:
    """Travellers by habit landed within the last hour; half of them said how long they stay."""
    lines = world.contracts.lines
    who = np.flatnonzero(lines.focus & (lines.segment == TRAVELLER) & lines.living & lines.mobile)
    count = len(who)
    at = now - _minutes(between(rng, 2, 51, count))
    country, said, stay = (
        between(rng, 0, len(COUNTRIES) - 1, count),
        flip(rng, 0.5, count),
        between(rng, 6, 14, count),
    )
    kinds = _shared([
        {"country": name} | ({"stay_days": days} if days else {}) for name in COUNTRIES for days in (0, *range(6, 15))
    ])  # fmt: skip
    place = country * 10 + np.where(said, stay - 5, 0)
    return Drafts(source=ROAMING, type="com.acme.roaming.v1.arrived", at=at, subject=who, data=kinds[place])


def _allowances(world: World, now: np.datetime64, rng: np.random.Generator) -> Drafts:
    """Lines that come near their allowance or pass it, with the share used by then."""
    lines = world.contracts.lines
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(lines.allowed_gb > 0, world.use.gb[:, -1] / lines.allowed_gb, 0.0)
    near = np.flatnonzero(lines.living & lines.mobile & (share >= 0.8))
    days = (rng.random(len(near)) ** 2 * 20).astype(np.int64)
    at = now - _minutes(days * 1440 + between(rng, 1, 500, len(near)))
    shares = _shared([{"used_share": hundredths / 100} for hundredths in range(80, 101)])
    place = np.clip(np.rint(share[near] * 100), 80, 100).astype(np.int64) - 80
    return Drafts(
        source=CHARGING, type="com.acme.usage.v1.allowance_reached", at=at, subject=near, data=shares[place]
    )


def _outages(world: World, now: np.datetime64) -> list[Drafts]:
    """Repaired outages: of a cell for mobile lines, of a postcode for broadband and TV; all lines there at once."""
    network, places, lines = world.network, world.places, world.contracts.lines
    found = []
    building = places.building[places.dwelling]
    fixed = (lines.kind == BROADBAND) | (lines.kind == TV)
    for technology, name, served, where in (
        (0, "mobile", lines.mobile, places.cell[building]),
        (1, "fixed", fixed, places.postcode[building]),
    ):
        out = np.flatnonzero(network.technology == technology)
        end = network.at[out].astype("datetime64[s]") + _minutes(network.minutes[out])
        recent = end >= now - np.timedelta64(DAYS, "D")
        out, end = out[recent], end[recent]
        here = np.flatnonzero(served & lines.living & (lines.home >= 0))
        area = where[lines.home[here]]
        order = np.argsort(area, kind="stable")
        low = np.searchsorted(area[order], network.where[out], side="left")
        high = np.searchsorted(area[order], network.where[out], side="right")
        counts = high - low
        data = _shared([{"minutes": int(minutes), "technology": name} for minutes in network.minutes[out]])
        found.append(Drafts(
            source=FAULTS, type="com.acme.care.v1.outage_ended", at=np.repeat(end, counts),
            subject=here[order[runs(low, counts)]], data=np.repeat(data, counts),
        ))  # fmt: skip
    return found


def _visits(world: World) -> Drafts:
    """Visits of our own pages."""
    touches = world.touches
    topics = _shared([{"topic": topic} for topic in TOPICS])
    return Drafts(
        source=WEB, type="com.acme.web.v1.visited", at=touches.visit_at, subject=touches.visit_person,
        data=topics[touches.visit_topic], web=True, rows=np.arange(len(touches.visit_at)),
    )  # fmt: skip


def _baskets(world: World, rng: np.random.Generator) -> Drafts:
    """Some who look at fibre or TV leave a full basket, some minutes after they came."""
    touches = world.touches
    kinds = {"fibre": "broadband", "tv": "tv"}
    looked = np.flatnonzero(np.isin(touches.visit_topic, [TOPICS.index(topic) for topic in kinds]))
    left = looked[flip(rng, world.params.events.basket_left, len(looked))]
    said = _shared([{"offer_kind": kinds.get(topic, "")} for topic in TOPICS])
    return Drafts(
        source=WEB, type="com.acme.web.v1.cart_abandoned",
        at=touches.visit_at[left].astype("datetime64[s]") + between(rng, 60, 600, len(left)).astype("timedelta64[s]"),
        subject=touches.visit_person[left], data=said[touches.visit_topic[left]], web=True,
    )  # fmt: skip


def _complaints(world: World, rng: np.random.Generator) -> Drafts:
    """Complaints, when the ticket is opened."""
    tickets, kind = world.tickets, TICKET_KINDS.index("complaint")
    lines = world.contracts.lines
    opened = np.flatnonzero((tickets.kind == kind) & ~(lines.ended[tickets.line] < tickets.opened))
    topics = _shared([{"topic": topic} for topic in TICKET_TOPICS[kind]])
    return Drafts(
        source=CARE, type="com.acme.care.v1.complaint_opened", at=_in_the_day(tickets.opened[opened], rng),
        subject=tickets.line[opened], data=topics[tickets.topic[opened]],
    )  # fmt: skip


def _new_devices(world: World, rng: np.random.Generator) -> Drafts:
    """Lines that the network sees in another device than before."""
    devices, lines = world.devices, world.contracts.lines
    seen = np.flatnonzero((devices.first > lines.started[devices.line]) & lines.living[devices.line])
    models = _shared([{"model": str(model)} for model in devices.models])
    return Drafts(
        source=DEVICES, type="com.acme.device.v1.changed", at=_in_the_day(devices.first[seen], rng),
        subject=devices.line[seen], data=models[devices.model[seen]],
    )  # fmt: skip


def _top_ups(world: World) -> Drafts:
    """Balances that were filled, by whomever."""
    top_ups = world.top_ups
    amounts, place = np.unique(top_ups.cents, return_inverse=True)
    said = _shared([{"amount_cents": int(cents)} for cents in amounts])
    return Drafts(
        source=BALANCE, type="com.acme.topup.v1.made", at=top_ups.at, subject=top_ups.line, data=said[place]
    )


def _departures(world: World, rng: np.random.Generator) -> Drafts:
    """Another operator asks for a number, a day or two before the line ends."""
    lines = world.contracts.lines
    gone = np.flatnonzero((lines.reason == PORT_OUT) & ~np.isnat(lines.ended))
    at = _in_the_day(lines.ended[gone] - between(rng, 1, 2, len(gone)).astype("timedelta64[D]"), rng)
    said = _shared([{"to": name} for name in OPERATORS])
    return Drafts(
        source=PORTING, type="com.acme.line.v1.port_out_requested", at=at, subject=gone,
        data=said[between(rng, 0, len(OPERATORS) - 1, len(gone))],
    )  # fmt: skip


def _sim_swaps(world: World, now: np.datetime64, rng: np.random.Generator) -> Drafts:
    """SIM cards that were replaced: lost, broken, or an eSIM instead."""
    lines = world.contracts.lines
    mobile = np.flatnonzero(lines.mobile & lines.living)
    swapped = mobile[flip(rng, world.params.events.sim_swaps, len(mobile))]
    at = now - between(rng, 60, DAYS * 86_400 - 1, len(swapped)).astype("timedelta64[s]")
    kinds = _shared([{"to": "sim"}, {"to": "esim"}])
    esim = flip(rng, 0.4, len(swapped)).astype(np.int64)
    return Drafts(source=SIMS, type="com.acme.sim.v1.swapped", at=at, subject=swapped, data=kinds[esim])


def first_lines(world: World) -> Index:
    """The first living mobile line of each person, by which the person is called; -1 for none."""
    lines = world.contracts.lines
    mobile = np.flatnonzero(lines.mobile & lines.living & (lines.user >= 0))
    found = np.full(world.population.persons, -1, dtype=np.int64)
    found[lines.user[mobile[::-1]]] = mobile[::-1]
    return found


def _in_the_day(days: NDArray[Any], rng: np.random.Generator) -> Moments:
    """Some moment of office hours of each day."""
    return np.asarray(
        days.astype("datetime64[s]") + between(rng, 7 * 3600, 20 * 3600, len(days)).astype("timedelta64[s]")
    )


def _minutes(count: NDArray[Any]) -> NDArray[Any]:
    return (np.asarray(count, dtype=np.int64) * 60).astype("timedelta64[s]")


def _shared(data: list[dict[str, Any]]) -> Texts:
    """An array whose rows are these dictionaries, to be picked from."""
    array = np.empty(len(data), dtype=object)
    array[:] = data
    return array
