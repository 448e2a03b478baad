"""What happened in the last weeks, as it happened? CloudEvents in time order, up to the extract.

Reads the world; returns events whose subject is a line or a web account, as the product names them.
Thin: arrivals abroad, used-up allowances, repaired outages, visits and left baskets; none late, none doubled.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from hogar.telco.events import Event
from hogar.twin.segments import TRAVELLER
from hogar.twin.traffic import COUNTRIES
from hogar.twin.truth import canonical
from hogar.twin.world import World

Draft = tuple[str, str, str, str, dict[str, Any]]  # time, source, type, subject, data


def month(world: World, rng: np.random.Generator) -> list[Event]:
    """The last 30 days' events. Travellers by habit landed this morning; half of them said for how long."""
    drafts = _arrivals(world, rng) + _allowances(world, rng) + _outages(world, rng) + _visits(world, rng)
    return [
        Event(id=f"e{place + 1:07d}", source=source, type=type, time=time, subject=subject, data=data)
        for place, (time, source, type, subject, data) in enumerate(
            sorted(drafts, key=lambda d: (d[0], d[3], d[2]))
        )
    ]


def _arrivals(world: World, rng: np.random.Generator) -> list[Draft]:
    now, found = world.params.now, []
    type = "com.acme.roaming.v1.arrived"
    for trip in world.trips:
        subject = canonical(world.parties.line[trip.line])
        if 0 < trip.from_day <= 30:
            at = now - timedelta(days=trip.from_day, minutes=int(rng.random() * 600))
            found.append((_time(at), "/network/roaming", type, subject, {"country": trip.country}))
    for line in world.contracts.lines:
        if not (line.focus and line.segment == TRAVELLER and line.ended is None):
            continue
        at = now - timedelta(minutes=2 + int(rng.random() * 50))
        data: dict[str, Any] = {"country": COUNTRIES[int(rng.random() * len(COUNTRIES))]}
        if rng.random() < 0.5:
            data["stay_days"] = 6 + int(rng.random() * 9)
        found.append((_time(at), "/network/roaming", type, canonical(world.parties.line[line.number]), data))
    return found


def _allowances(world: World, rng: np.random.Generator) -> list[Draft]:
    """Lines that come near their allowance or pass it, with the share used by then."""
    now, found = world.params.now, []
    for line in world.contracts.lines:
        if line.ended is not None or not line.allowed_gb:
            continue
        share = float(world.use.gb[line.number, -1]) / line.allowed_gb
        if share >= 0.8:
            at = now - timedelta(days=int(rng.random() ** 2 * 20), minutes=1 + int(rng.random() * 500))
            data = {"used_share": round(min(share, 1.0), 2)}
            subject = canonical(world.parties.line[line.number])
            found.append((_time(at), "/charging", "com.acme.usage.v1.allowance_reached", subject, data))
    return found


def _outages(world: World, rng: np.random.Generator) -> list[Draft]:
    """A few postcodes were out of service for a while; every line there came back at the same time."""
    postcodes = sorted(world.places.fibre)
    found: list[Draft] = []
    for place in rng.permutation(len(postcodes))[: max(1, len(postcodes) // 12)]:
        at = world.params.now - timedelta(
            days=int(rng.random() ** 2 * 25), minutes=5 + int(rng.random() * 300)
        )
        data = {"minutes": 15 + int(rng.random() * 240)}
        for line in world.contracts.lines:
            here = world.places.of_home[line.home].postcode == postcodes[place]
            if here and line.ended is None and line.kind in ("broadband", "tv"):
                subject = canonical(world.parties.line[line.number])
                found.append((_time(at), "/network/faults", "com.acme.care.v1.outage_ended", subject, data))
    return found


def _visits(world: World, rng: np.random.Generator) -> list[Draft]:
    """Visits of our own pages; some who look at fibre or TV leave a full basket."""
    found: list[Draft] = []
    for visit in world.touches.visits:
        time, subject = visit.at.replace(" ", "T") + "Z", canonical(world.parties.web[visit.person].id)
        found.append((time, "/web", "com.acme.web.v1.visited", subject, {"topic": visit.topic}))
        if visit.topic in ("fibre", "tv") and rng.random() < 0.2:
            data = {"offer_kind": "tv" if visit.topic == "tv" else "broadband"}
            found.append((time, "/web", "com.acme.web.v1.cart_abandoned", subject, data))
    return found


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
