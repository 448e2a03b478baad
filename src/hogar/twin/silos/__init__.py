"""What does each system of the operator hold? A file per extract, in its own words, formats and dirt.

Each module writes some systems' files from the true world; column names are theirs, not the product's.
"""

from __future__ import annotations

import pyarrow as pa

from hogar.twin.arrays import Texts
from hogar.twin.chance import Chance
from hogar.twin.silos import contracts, devices, money, network, people, product, touch, use
from hogar.twin.traffic.months import Months
from hogar.twin.world import World


def write_down(world: World, months: Months, chance: Chance, visits: Texts) -> dict[str, pa.Table]:
    """Every silo file but the records of single calls, by its path below the data folder, in the order of paths.

    `visits` are the ids under which the bus told of visits, "" for those of which it told nothing.
    """
    files = use.files(world, months, chance.stream("silos.use"))
    files |= touch.files(world, chance.stream("silos.touch"), visits)
    for system in (people, contracts, product, money, devices, network):
        name = system.__name__.rpartition(".")[2]
        files |= system.files(world, chance.stream(f"silos.{name}"))
    return dict(sorted(files.items()))
