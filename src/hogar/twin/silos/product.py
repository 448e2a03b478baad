"""What do product, finance and network planning publish? Offers, prices, rules, margins, coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from hogar.twin.dirt import extract
from hogar.twin.tariffs import OFFERS, RULES
from hogar.twin.world import World


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """Catalogue files are kept by few people and clean; only their order is chance."""
    dirt = replace(world.params.dirt, level=0.0)
    offers = [
        [
            offer.id, offer.name, offer.kind, "S" if offer.on_sale else "N",
            str(offer.mobile_lines) if offer.mobile_lines else None, offer.technology, "S" if offer.tv else "N",
            None if offer.data_gb is None else f"{offer.data_gb:g}",
            None if offer.validity_days is None else str(offer.validity_days), "S" if offer.prepaid else "N",
        ]
        for offer in OFFERS
    ]  # fmt: skip
    prices = [
        [offer.id, kind, f"{cents / 100:.2f}"]
        for offer in OFFERS
        for kind, cents in (
            ("monthly", offer.monthly),
            ("one_time", offer.one_time),
            ("per_gb", offer.per_gb),
        )
        if cents is not None
    ]
    coverage = [
        [postcode, technology, "1" if technology == "ADSL" or fibre else "0"]
        for postcode, fibre in world.places.fibre.items()
        for technology in ("ADSL", "FTTH")
    ]
    columns = (
        "codigo",
        "nombre",
        "familia",
        "en_venta",
        "lineas_moviles",
        "tecnologia",
        "con_tv",
        "gb",
        "vigencia_dias",
        "prepago",
    )
    return {
        "product/offers.csv": extract(columns, offers, dirt, rng),
        "product/prices.csv": extract(("codigo", "tipo_precio", "importe_eur"), prices, dirt, rng),
        "product/rules.csv": extract(("codigo", "regla", "otro_codigo"), RULES, dirt, rng),
        "finance/margins.csv": extract(
            ("product_code", "margin_month_eur"), [[o.id, f"{o.margin / 100:.2f}"] for o in OFFERS], dirt, rng
        ),
        "network/coverage.csv": extract(("cp", "tecnologia", "disponible"), coverage, dirt, rng),
    }
