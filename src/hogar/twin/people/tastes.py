"""What do they need and like? Tastes per person, price and inertia per household; seen by no silo but in what they do.

Reads the population; returns columns of standard normal scores and shares. After: population.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.telco.channels import OUTBOUND_CHANNELS
from hogar.twin.arrays import Flags, Floats
from hogar.twin.parameters import AGES, KINDS, Params
from hogar.twin.people.population import Population

OTT_MAX = 0.98
AWAKE = (17.5, 20.5, 19.5, 11.5)  # hour of the day by age
STUDENT_PRICE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tastes:
    """Scores have mean 0 and deviation 1 in the whole market, and correlate within a home."""

    data: Floats  # a person: appetite for data
    talk: Floats  # ... for calls
    gadgets: Floats  # ... for new phones
    television: Floats
    travel: Floats
    irritable: Floats  # how soon messages annoy
    ott: Floats  # share of calls and texts that went to messengers, 0 to 1
    channel: (
        Floats  # [person, place in telco.channels.OUTBOUND_CHANNELS]: chance to notice a message there at all
    )
    awake: Floats  # hour of the day at which the person reads best, 0 to 24
    price: Floats  # a home: sensitivity to prices
    inertia: Floats  # a home: reluctance to change anything


def taste(population: Population, params: Params, rng: np.random.Generator) -> Tastes:
    """Tastes by age, with a part that a home has in common."""
    old = _standard(population.age.astype(np.float64))
    data = _score(population, -old, params, rng)
    gadgets = _score(population, -old, params, rng)
    irritable = _score(population, None, params, rng)
    messenger = _score(population, -old, params, rng)
    return Tastes(
        data=data,
        talk=_score(population, old, params, rng),
        gadgets=_standard(gadgets + 0.4 * data),
        television=_score(population, old, params, rng),
        travel=_score(population, None, params, rng),
        irritable=irritable,
        ott=_ott(messenger, population.onnet, params),
        channel=_channels(population, irritable, params, rng),
        awake=(np.array(AWAKE)[population.stage] + rng.normal(0.0, 2.2, population.persons)) % 24,
        price=_price(population, rng),
        inertia=_standard(old[population.first] * 0.5 + rng.standard_normal(population.homes)),
    )


def _standard(values: Floats) -> Floats:
    """The same with mean 0 and deviation 1."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9))


def _score(population: Population, by_age: Floats | None, params: Params, rng: np.random.Generator) -> Floats:
    """One taste: a part of the home, a part of the age (where it matters), and one's own."""
    home = params.tastes.home_part
    age = 0.0 if by_age is None else min(params.tastes.age_part, 1 - home)
    together = rng.standard_normal(population.homes)[population.home]
    alone = rng.standard_normal(population.persons)
    score = np.sqrt(home) * together + np.sqrt(1 - home - age) * alone
    return _standard(score if by_age is None else score + np.sqrt(age) * by_age)


def _ott(messenger: Floats, users: Flags, params: Params) -> Floats:
    """Each person's share of messengers; its mean over the users is the parameter's."""
    wanted = params.traffic.ott
    if wanted <= 0 or wanted >= OTT_MAX:
        return np.full(len(messenger), max(0.0, wanted))
    slope = params.tastes.ott_slope
    low, high = -30.0, 30.0
    for _ in range(50):
        shift = (low + high) / 2
        if (OTT_MAX / (1 + np.exp(-(shift + slope * messenger[users])))).mean() < wanted:
            low = shift
        else:
            high = shift
    return np.asarray(OTT_MAX / (1 + np.exp(-(low + slope * messenger))))


def _channels(population: Population, irritable: Floats, params: Params, rng: np.random.Generator) -> Floats:
    """Chances to notice a message, by channel: by age, and by a habit of one's own in all and in each."""
    attention = rng.normal(0.0, 0.5, population.persons) - 0.2 * irritable
    columns = []
    for channel in OUTBOUND_CHANNELS:
        notices = getattr(params.tastes, f"notices_{channel}")
        share = np.clip(np.array([notices[age] for age in AGES]), 1e-3, 1 - 1e-3)[population.stage]
        odds = np.log(share / (1 - share)) + attention + rng.normal(0.0, 0.7, population.persons)
        columns.append(1 / (1 + np.exp(-odds)))
    return np.stack(columns, axis=1)


def _price(population: Population, rng: np.random.Generator) -> Floats:
    """Sensitivity to prices: shared flats and big homes look at it more."""
    flat = population.kind == KINDS.index("flat_share")
    return _standard(
        np.where(flat, STUDENT_PRICE, 0.1 * (population.size - 2.3)) + rng.standard_normal(population.homes)
    )
