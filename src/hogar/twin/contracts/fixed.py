"""Who has broadband, television, a telephone on the wall? Lines that a home shares.

Reads homes, places and leanings; returns blocks of lines, without terms. They count as used by the home's holder,
as far as anybody can say. After: payers.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags, Index, count_of
from hogar.twin.contracts.drafts import PLACE, blank, take
from hogar.twin.contracts.leaning import Leaning
from hogar.twin.contracts.lines import BROADBAND, FIXED_VOICE, TV, Lines
from hogar.twin.people.places import Places
from hogar.twin.people.population import Population


def share_lines(
    population: Population,
    places: Places,
    leaning: Leaning,
    pays: Index,
    holds: Index,
    rng: np.random.Generator,
) -> list[Lines]:
    """Broadband, then television where there is fibre, then fixed voice; only homes with an adult customer."""
    draws = rng.random((6, population.homes))
    ours = count_of(population.home, population.homes, population.onnet & population.adult) > 0
    broadband = ours & (draws[0] < leaning.broadband)
    fibre = places.fibre[places.postcode[places.building[places.dwelling]]] & (draws[1] >= leaning.adsl_kept)
    speed = np.where(fibre, np.where(draws[2] < 0.3, PLACE["FIB-1000"], PLACE["FIB-300"]), PLACE["ADSL-20"])
    channels = np.where(draws[5] < 0.3, PLACE["TV-CINE"], PLACE["TV-BASIC"])
    television = broadband & fibre & (draws[3] < leaning.tv)
    voice = broadband & (draws[4] < leaning.fixed_voice)

    def block(kind: int, where: Flags, offer: Index) -> Lines:
        homes = np.flatnonzero(where)
        lines = blank(len(homes), kind)
        lines.home[:], lines.user[:], lines.holder[:] = homes, holds[homes], holds[homes]
        lines.payer[:] = pays[homes]
        take(lines, np.arange(len(homes)), offer[homes])
        return lines

    return [
        block(BROADBAND, broadband, speed),
        block(TV, television, channels),
        block(FIXED_VOICE, voice, np.full(population.homes, PLACE["FIXED"])),
    ]
