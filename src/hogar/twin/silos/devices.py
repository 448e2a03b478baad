"""What does the device registry hold? Which device was in which line, from when to when; the IMEI as a keyed hash."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from hogar.twin.dirt import extract
from hogar.twin.silos.money import named
from hogar.twin.tokens import tokens
from hogar.twin.world import World


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`device/devices.csv`."""
    uses, future = world.devices, (world.params.now.date() + timedelta(days=200)).isoformat()
    columns = {
        "linea": named(world.parties.line, uses.line),
        "imei_hash": tokens(world.key, "imei", uses.device),
        "modelo": named(uses.models, uses.model),
        "primera_vez": pa.array(uses.first),
        "ultima_vez": pa.array(uses.last),
        "lanzamiento": pa.array(uses.released[uses.model]),
    }
    return {
        "device/devices.csv": extract(columns, world.params.dirt, rng, invalid=(("primera_vez", future),))
    }
