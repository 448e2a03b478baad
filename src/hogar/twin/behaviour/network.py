"""How good is the network where they live? Quality and outages by cell, over the last twelve months.

Reads places; returns columns. After: places; before: care, which bad quality feeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Floats, Index, Ints
from hogar.twin.calendar import MONTHS, months_before
from hogar.twin.chance import between
from hogar.twin.parameters import Params
from hogar.twin.people.places import Places

MOBILE, FIXED = 0, 1  # technologies of an outage
LATELY_DAYS = 25  # of either technology at least one outage is as recent as this


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`dropped` is the share of dropped calls, `mbps` the median speed, [cell, month]; then one row an outage.

    `at` are moments (datetime64[s]); `technology` 0 for mobile (a cell is out), 1 for fixed (a postcode is out).
    """

    dropped: Floats
    mbps: Floats
    technology: Ints  # an outage
    where: Ints  # ... its cell or postcode
    at: NDArray[Any]
    minutes: Ints


def operate(places: Places, params: Params, rng: np.random.Generator) -> Network:
    """A good network with some bad cells; outages at random, more of them in bad cells."""
    network, cells, postcodes = params.network, len(places.cell_x), len(places.postcodes)
    bad = _bad_months(cells, network.bad_cells, rng)
    usual = np.exp(rng.normal(size=(cells, 1)) * 0.35 + rng.normal(size=(cells, MONTHS)) * 0.12)
    speed = np.exp(rng.normal(size=(cells, 1)) * 0.40 + rng.normal(size=(cells, MONTHS)) * 0.08)
    often = 1.0 + 3.0 * bad.mean(axis=1)
    mobile = _places_of_outages(network.mobile_outages_year * often, rng)
    fixed = _places_of_outages(np.full(postcodes, network.fixed_outages_year), rng)
    where = np.concatenate([mobile, fixed])
    technology = np.repeat([MOBILE, FIXED], [len(mobile), len(fixed)])
    at, minutes = _when(technology, params, rng)
    return Network(
        dropped=np.minimum(network.dropped * usual * (1.0 + 4.0 * bad), 0.5),
        mbps=network.mbps * speed / (1.0 + 2.5 * bad),
        technology=technology.astype(np.int32),
        where=where.astype(np.int32),
        at=at,
        minutes=minutes.astype(np.int32),
    )


def _bad_months(cells: int, share: float, rng: np.random.Generator) -> Floats:
    """1.0 in the months in which a cell is bad: half of the bad ones always are, the others for some months."""
    chosen = rng.permutation(cells) < np.ceil(share * cells)
    always = rng.random(cells) < 0.5
    first, length = between(rng, 0, MONTHS - 1, cells), between(rng, 2, 5, cells)
    month = np.arange(MONTHS)[None, :]
    spell = (month >= first[:, None]) & (month < (first + length)[:, None])
    return np.asarray((chosen[:, None] & (always[:, None] | spell)).astype(np.float64))


def _places_of_outages(expected: Floats, rng: np.random.Generator) -> Index:
    """The place of every outage; at least one of all of them."""
    found = np.repeat(np.arange(len(expected)), rng.poisson(expected))
    spare = between(rng, 0, len(expected) - 1, 1)
    return found if len(found) else spare


def _when(technology: Index, params: Params, rng: np.random.Generator) -> tuple[NDArray[Any], Index]:
    """Start and length of each outage: over before the extract, the first of each technology lately."""
    count, now = len(technology), np.datetime64(params.now.replace(tzinfo=None), "s")
    earliest = months_before(params.now)[0].astype("datetime64[s]")
    minutes = np.clip(params.network.outage_minutes * np.exp(rng.normal(size=count)), 5, 4320).astype(
        np.int64
    )
    span = np.full(count, (now - earliest).astype(np.int64))
    span[np.unique(technology, return_index=True)[1]] = LATELY_DAYS * 86400
    back = minutes * 60 + 300 + (rng.random(count) * (span - minutes * 60 - 300)).astype(np.int64)
    return now - np.maximum(back, 0).astype("timedelta64[s]"), minutes
