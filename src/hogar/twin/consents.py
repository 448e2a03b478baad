"""What do they allow? Marketing by channel, traffic data, location, and objections, per person.

Reads people and segments; returns decisions. After: parties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, OUTBOUND_CHANNELS
from hogar.twin.chance import flip
from hogar.twin.parameters import Params
from hogar.twin.population import Population
from hogar.twin.segments import TRAVELLER, Segments


@dataclass(frozen=True, slots=True)
class Consent:
    """One person's decisions; `marketing` names the channels allowed, empty for none."""

    marketing: tuple[str, ...]
    traffic: bool
    location: bool
    objects: bool


def consent(
    population: Population, users: list[int], segments: Segments, params: Params, rng: np.random.Generator
) -> dict[int, Consent]:
    """Decisions of every adult among `users`, by number; the share of traffic consent is met exactly."""
    rates = params.consent
    adults = [number for number in users if population.persons[number].adult]
    calm = {member for home in segments.of_home for member in population.homes[home].members}
    focus = set(segments.focus.values())
    ready = [number for number in segments.chosen(TRAVELLER) if number in set(adults)]
    others = [adults[place] for place in rng.permutation(len(adults)) if adults[place] not in set(ready)]
    wanted = min(round(rates.traffic * len(adults)), len(adults))
    traffic = set((ready + others)[:wanted])
    found: dict[int, Consent] = {}
    for number in adults:
        draw, part = rng.random(), rng.random(len(OUTBOUND_CHANNELS))
        location = flip(rng, rates.location)
        objects = draw > 1 - rates.objection and number not in calm
        channels: tuple[str, ...] = ()
        if number in focus or draw < rates.marketing:
            channels = CHANNELS
        elif draw < rates.marketing + rates.marketing_some:
            some = tuple(c for c, chance in zip(OUTBOUND_CHANNELS, part, strict=True) if chance < 0.5)
            channels = INBOUND_CHANNELS + some
        found[number] = Consent(channels, number in traffic, location and number in traffic, objects)
    return found
