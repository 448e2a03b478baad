"""What do they allow? Marketing by channel, traffic data, location, and objections, per person.

Reads people and segments; returns columns. After: parties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS
from hogar.twin.arrays import Flags
from hogar.twin.chance import flip
from hogar.twin.contracts.parties import Parties
from hogar.twin.contracts.segments import TRAVELLER, Segments
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population

SOME_CHANNEL = 0.5  # who allows some outbound channels allows each so often


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """What each person decided; `asked` is false for whom nobody asked (strangers, minors)."""

    asked: Flags  # a person
    marketing: Flags  # [person, place in telco.channels.CHANNELS]
    traffic: Flags
    location: Flags
    objects: Flags


def consent(
    population: Population, parties: Parties, segments: Segments, params: Params, rng: np.random.Generator
) -> Consents:
    """Decisions of every adult whom CRM or the registry knows; the share of traffic consent is met exactly."""
    rates, count = params.consent, population.persons
    asked = population.adult & (parties.best() != "")
    calm = segments.of_home[population.home] > 0
    focus = np.zeros(count, dtype=bool)
    focus[segments.focus[segments.focus >= 0]] = True
    traffic = _traffic(asked, focus & (segments.of_home[population.home] == TRAVELLER), rates.traffic, rng)
    draw, part = rng.random(count), rng.random((count, len(CHANNELS)))
    everything = focus | (draw < rates.marketing)
    some = ~everything & (draw < rates.marketing + rates.marketing_some)
    inbound = np.array([channel in INBOUND_CHANNELS for channel in CHANNELS])
    marketing = everything[:, None] | (some[:, None] & (inbound[None, :] | (part < SOME_CHANNEL)))
    return Consents(
        asked=asked,
        marketing=asked[:, None] & marketing,
        traffic=traffic,
        location=flip(rng, rates.location, count) & traffic,
        objects=asked & (draw > 1 - rates.objection) & ~calm,
    )


def _traffic(asked: Flags, ready: Flags, share: float, rng: np.random.Generator) -> Flags:
    """So many of those who were asked as the share says, to the person; those who are ready for it come first."""
    who = np.flatnonzero(asked)
    who = who[rng.permutation(len(who))]
    who = who[np.argsort(~ready[who], kind="stable")]
    found = np.zeros(len(asked), dtype=bool)
    found[who[: min(round(share * len(who)), len(who))]] = True
    return found
