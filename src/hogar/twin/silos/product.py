"""What do product, finance and network planning publish? Offers, prices, rules, margins, coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from hogar.twin.arrays import Texts
from hogar.twin.contracts.tariffs import OFFERS, RULES
from hogar.twin.dirt import extract
from hogar.twin.world import World


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """Catalogue files are kept by few people and clean; only their order is chance."""
    clean = replace(world.params.dirt, level=0.0)
    rules = {
        "codigo": _texts(one for one, _, _ in RULES),
        "regla": _texts(rule for _, rule, _ in RULES),
        "otro_codigo": _texts(other for _, _, other in RULES),
    }
    margins = {
        "product_code": _texts(offer.id for offer in OFFERS),
        "margin_month_eur": _texts(f"{offer.margin / 100:.2f}" for offer in OFFERS),
    }
    return {
        "product/offers.csv": extract(_offers(), clean, rng),
        "product/prices.csv": extract(_prices(), clean, rng),
        "product/rules.csv": extract(rules, clean, rng),
        "finance/margins.csv": extract(margins, clean, rng),
        "network/coverage.csv": extract(_coverage(world), clean, rng),
    }


def _offers() -> dict[str, Texts]:
    return {
        "codigo": _texts(offer.id for offer in OFFERS),
        "nombre": _texts(offer.name for offer in OFFERS),
        "familia": _texts(offer.kind for offer in OFFERS),
        "en_venta": _texts("S" if offer.on_sale else "N" for offer in OFFERS),
        "lineas_moviles": _texts(str(offer.mobile_lines) if offer.mobile_lines else None for offer in OFFERS),
        "tecnologia": _texts(offer.technology for offer in OFFERS),
        "con_tv": _texts("S" if offer.tv else "N" for offer in OFFERS),
        "gb": _texts(None if offer.data_gb is None else f"{offer.data_gb:g}" for offer in OFFERS),
        "vigencia_dias": _texts(
            None if offer.validity_days is None else str(offer.validity_days) for offer in OFFERS
        ),
        "prepago": _texts("S" if offer.prepaid else "N" for offer in OFFERS),
    }


def _prices() -> dict[str, Texts]:
    prices = [
        (offer.id, kind, f"{cents / 100:.2f}")
        for offer in OFFERS
        for kind, cents in (
            ("monthly", offer.monthly),
            ("one_time", offer.one_time),
            ("per_gb", offer.per_gb),
        )
        if cents is not None
    ]
    return {
        "codigo": _texts(id for id, _, _ in prices),
        "tipo_precio": _texts(kind for _, kind, _ in prices),
        "importe_eur": _texts(amount for _, _, amount in prices),
    }


def _coverage(world: World) -> dict[str, Texts]:
    """Copper everywhere, fibre by postcode."""
    postcodes, fibre = world.places.postcodes, world.places.fibre
    return {
        "cp": np.concatenate([postcodes, postcodes]),
        "tecnologia": np.repeat(np.array(["ADSL", "FTTH"], dtype=object), len(postcodes)),
        "disponible": np.concatenate(
            [np.full(len(postcodes), "1", dtype=object), np.where(fibre, "1", "0").astype(object)]
        ),
    }


def _texts(values: Iterable[str | None]) -> Texts:
    return np.array(list(values), dtype=object)
