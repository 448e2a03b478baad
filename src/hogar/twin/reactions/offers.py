"""What is an offer to somebody who hears of it? The catalogue as columns, by place in `tariffs.OFFERS`.

Two places behind it are no products: a retention offer (a discount for a new commitment), a service message.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Flags, Floats, Ints
from hogar.twin.contracts.tariffs import OFFERS

RETENTION, SERVICE = len(OFFERS), len(OFFERS) + 1
PLACES = len(OFFERS) + 2

FAMILIES = (
    "mobile", "bundle", "broadband", "tv", "fixed_voice", "roaming", "device", "add_on", "retention", "service",
)  # fmt: skip
(
    F_MOBILE, F_BUNDLE, F_BROADBAND, F_TV, F_VOICE, F_ROAMING, F_DEVICE, F_ADD_ON, F_RETENTION, F_SERVICE,
) = range(10)  # fmt: skip
OF_HOME = np.isin(np.arange(10), (F_BUNDLE, F_BROADBAND, F_TV, F_VOICE))  # a family: taken once a home


def _column(values: list[float]) -> Floats:
    return np.array([*values, 0.0, 0.0])


FAMILY: Ints = np.array(
    [FAMILIES.index(offer.kind) for offer in OFFERS] + [F_RETENTION, F_SERVICE], dtype=np.int32
)
MONTHLY = _column([float(offer.monthly or 0) for offer in OFFERS])
ONE_TIME = _column([float(offer.one_time or 0) for offer in OFFERS])
PER_GB = _column([float(offer.per_gb or 0) for offer in OFFERS])
MARGIN = _column([float(offer.margin) for offer in OFFERS])
LINES = _column([float(offer.mobile_lines) for offer in OFFERS])
GB = np.array(
    [
        np.inf if offer.data_gb is None and offer.mobile_lines else float(offer.data_gb or 0)
        for offer in OFFERS
    ]
    + [0.0, 0.0]
)
ON_SALE: Flags = np.array([offer.on_sale and not offer.prepaid for offer in OFFERS] + [True, True])
FIBRE: Flags = np.array([offer.technology == "fibre" for offer in OFFERS] + [False, False])
TELEVISION: Flags = np.array([offer.tv for offer in OFFERS] + [False, False])


def place_of(offer_id: str) -> int:
    """The place of a catalogue id, or of `retention` or `service`; -1 for what nobody sells.

    >>> place_of("MOB-S"), place_of("nothing")
    (0, -1)
    """
    return _PLACE.get(offer_id, -1)


_PLACE = {offer.id: place for place, offer in enumerate(OFFERS)} | {
    "retention": RETENTION,
    "service": SERVICE,
}
