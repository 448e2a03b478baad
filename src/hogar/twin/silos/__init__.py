"""What does each system of the operator hold? A file per extract, in its own words, formats and dirt.

Each module writes some systems' files from the true world; column names are theirs, not the product's.
"""

from __future__ import annotations

import pyarrow as pa

from hogar.twin.chance import Chance
from hogar.twin.silos import contracts, people, product, touch, use
from hogar.twin.world import World


def write_down(world: World, chance: Chance) -> dict[str, pa.Table]:
    """Every silo file by its path below the data folder, in the order of paths."""
    files: dict[str, pa.Table] = {}
    for system in (people, contracts, product, touch, use):
        name = system.__name__.rpartition(".")[2]
        files |= system.files(world, chance.stream(f"silos.{name}"))
    return dict(sorted(files.items()))
