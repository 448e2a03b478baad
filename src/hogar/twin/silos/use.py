"""What do the usage platform and the device registry hold? Use by day, ties by month, devices in lines."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from hogar.twin.calendar import months_before
from hogar.twin.dirt import bad, extract
from hogar.twin.names import token
from hogar.twin.traffic import COUNTRIES
from hogar.twin.world import World


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`usage/daily.parquet` and `usage/ties.parquet` (typed), `device/devices.csv`."""
    future = (world.params.now.date() + timedelta(days=200)).isoformat()
    devices = [
        [
            world.parties.line[row.line], token("imei", row.device), row.model, row.first.isoformat(),
            row.last.isoformat(), row.released.isoformat(),
        ]
        for row in world.devices
    ]  # fmt: skip
    columns = ("linea", "imei_hash", "modelo", "primera_vez", "ultima_vez", "lanzamiento")
    return {
        "usage/daily.parquet": _days(world, rng),
        "usage/ties.parquet": _ties(world, rng),
        "device/devices.csv": extract(columns, devices, world.params.dirt, rng, invalid=(bad(3, future),)),
    }


def _days(world: World, rng: np.random.Generator) -> pa.Table:
    days, order = world.days, rng.permutation(len(world.days.line))
    ids = np.array(world.parties.line)
    country = np.array([*COUNTRIES, None], dtype=object)[days.country[order]]
    return pa.table({
        "linea": pa.array(ids[days.line[order]], pa.string()),
        "dia": pa.array(days.day[order], pa.date32()),
        "mb": pa.array(days.data_mb[order]),
        "minutos": pa.array(days.voice_min[order]),
        "mb_roaming": pa.array(days.roaming_mb[order]),
        "pais": pa.array(country, pa.string()),
    })  # fmt: skip


def _ties(world: World, rng: np.random.Generator) -> pa.Table:
    """Numbers of other operators appear as hashes; which end comes first means nothing."""
    ties, order = world.ties, rng.permutation(len(world.ties.one))
    offnet = [f"X{token('offnet', number, 14)}" for number in rng.permutation(ties.offnet_count)]
    ids = np.array([*world.parties.line, *offnet])
    one, other = ids[ties.one[order]], ids[ties.other[order]]
    turn = rng.random(len(one)) < 0.5
    months = np.array(months_before(world.params.now)[-world.params.use.tie_months :], dtype="datetime64[D]")
    return pa.table({
        "linea_a": pa.array(np.where(turn, one, other), pa.string()),
        "linea_b": pa.array(np.where(turn, other, one), pa.string()),
        "mes": pa.array(months[ties.month[order]], pa.date32()),
        "llamadas": pa.array(ties.calls[order]),
        "minutos": pa.array(ties.minutes[order]),
        "parte_tarde": pa.array(ties.evening[order]),
    })  # fmt: skip
