"""What does network operation hold? Quality by cell and month, and outages of cells and postcodes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from hogar.twin.behaviour.network import MOBILE
from hogar.twin.calendar import months_before
from hogar.twin.dirt import extract
from hogar.twin.silos.money import decimals, named
from hogar.twin.traffic.cells import cell_ids
from hogar.twin.world import World


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`network/quality.csv` and `network/outages.csv`: written by machines, so clean; only the order is chance."""
    network, clean = world.network, replace(world.params.dirt, level=0.0)
    cells, months = network.dropped.shape
    names = list(cell_ids(cells))
    mobile = network.technology == MOBILE
    cell = named(names, np.where(mobile, network.where, -1))
    postcode = named(world.places.postcodes, np.where(mobile, -1, network.where))
    quality = {
        "celda": named(names, np.repeat(np.arange(cells), months)),
        "mes": named(
            [str(month)[:7] for month in months_before(world.params.now)], np.tile(np.arange(months), cells)
        ),
        "llamadas_cortadas_pct": decimals(np.round(network.dropped.ravel() * 10_000).astype(np.int64)),
        "mbps": decimals(np.round(network.mbps.ravel() * 100).astype(np.int64)),
    }
    outages = {
        "tecnologia": named(["MOVIL", "FIJO"], network.technology),
        "celda": cell,
        "cp": postcode,
        "inicio": pa.array(network.at),
        "minutos": pa.array(network.minutes),
    }
    return {
        "network/quality.csv": extract(quality, clean, rng),
        "network/outages.csv": extract(outages, clean, rng),
    }
