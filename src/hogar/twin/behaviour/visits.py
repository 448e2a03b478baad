"""When do they look at our pages, and at which? Visits by self-care account over the last 30 days.

Reads parties and segments; returns rows. Used by: touch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Index
from hogar.twin.calendar import today
from hogar.twin.chance import between, flip, pick
from hogar.twin.contracts.parties import Parties
from hogar.twin.contracts.segments import MISFIT, RENEWER, Segments
from hogar.twin.parameters import Params

TOPICS = ("plans", "fibre", "tv", "roaming", "help", "bills", "devices")
TOPIC_WEIGHTS = (3.0, 1.5, 1.5, 0.6, 3.0, 4.0)  # of all but devices
PLANS, DEVICES = TOPICS.index("plans"), TOPICS.index("devices")
SINCE_DAYS, LATELY_DAYS = 30, 12


def visits(
    parties: Parties, segments: Segments, params: Params, rng: np.random.Generator
) -> tuple[Index, NDArray[Any], Index]:
    """(person, moment, place in TOPICS). Who is about to renew looked at phones lately, a misfit's payer at plans."""
    web = np.flatnonzero(parties.web != "")
    person = np.repeat(web, rng.poisson(params.touch.visits_30d, len(web)))
    other = pick(rng, TOPIC_WEIGHTS, len(person))
    topic = np.where(flip(rng, params.touch.device_views, len(person)), DEVICES, other)
    renewer, misfit = (_focus(parties, segments, segment) for segment in (RENEWER, MISFIT))
    renewer = np.repeat(renewer, between(rng, 3, 5, len(renewer)))
    misfit = np.repeat(misfit, between(rng, 1, 3, len(misfit)))
    person_lately = np.concatenate([renewer, misfit])
    topic_lately = np.repeat([DEVICES, PLANS], [len(renewer), len(misfit)])
    days = np.repeat([SINCE_DAYS, LATELY_DAYS], [len(person), len(person_lately)])
    person, topic = np.concatenate([person, person_lately]), np.concatenate([topic, topic_lately])
    day = today(params.now) - between(rng, 1, days, len(person))
    return person, at_hours(day, params.touch.visit_hours, rng), topic


def at_hours(day: NDArray[Any], hours: Any, rng: np.random.Generator) -> NDArray[Any]:
    """A moment of each day: the hour by weight."""
    second = pick(rng, hours, len(day)) * 3600 + (rng.random(len(day)) * 3600).astype(np.int64)
    return np.asarray(day.astype("datetime64[s]") + second.astype("timedelta64[s]"))


def _focus(parties: Parties, segments: Segments, segment: int) -> Index:
    """The persons whom a segment is about and who have a self-care account."""
    person = segments.focus[(segments.of_home == segment) & (segments.focus >= 0)].astype(np.int64)
    return np.asarray(person[parties.web[person] != ""])
