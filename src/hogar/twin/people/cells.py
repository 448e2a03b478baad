"""Which cell serves which building? Some hundred homes each, none in two towns; a curve through a town orders them.

Reads positions and how many homes live in each building; returns cells. Called by: places.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hogar.twin.arrays import Floats, Index
from hogar.twin.parameters.people import Places as Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cell of each building, and where cells stand."""

    of_building: Index
    x: Floats
    y: Floats


def serve(town: Index, x: Floats, y: Floats, homes: Index, rules: Rules, rng: np.random.Generator) -> Cells:
    """Along a curve through each town, as many buildings a cell as it has homes to serve."""
    count = int(town.max()) + 1
    middle = [np.bincount(town, value, count) / np.maximum(np.bincount(town, minlength=count), 1)
              for value in (x, y)]  # fmt: skip
    dx, dy = x - middle[0][town], y - middle[1][town]
    width = np.sqrt(
        np.bincount(town, dx**2 + dy**2, count) / np.maximum(np.bincount(town, minlength=count), 1)
    )
    scale = np.maximum(width, 0.1)[town]
    order = np.lexsort((curve(dx / scale, dy / scale), town))
    upto = np.cumsum(homes[order]) - homes[order]
    of_building, known = np.empty(len(order), dtype=np.int64), 0
    edges = np.searchsorted(town[order], np.arange(count + 1))
    for low, high in pairwise(edges.tolist()):
        if low == high:
            continue
        served = upto[low:high] - upto[low]
        sizes = np.clip(
            rules.homes_per_cell
            * np.exp(rng.normal(-0.08, 0.4, 4 + int(served[-1] * 3 // rules.homes_per_cell))),
            110,
            950,
        )
        cell = np.searchsorted(np.cumsum(sizes), served, side="right")
        last = np.flatnonzero(cell == cell[-1])
        if cell[-1] > 0 and served[-1] - served[last[0]] < sizes[cell[-1]] / 2:
            cell[last] -= 1  # what is left over belongs to the cell before
        of_building[order[low:high]] = known + cell
        known += int(cell[-1]) + 1
    many = np.maximum(np.bincount(of_building, minlength=known), 1)
    return Cells(
        of_building=of_building,
        x=np.bincount(of_building, x, known) / many,
        y=np.bincount(of_building, y, known) / many,
    )


def curve(x: Floats, y: Floats) -> Index:
    """The place of points (within about -4 and 4) on a curve that fills the plane: near places, near points."""
    one, other = (np.clip((value + 4) * 128, 0, 1023).astype(np.int64) for value in (x, y))
    found = np.zeros(len(one), dtype=np.int64)
    for bit in range(10):
        found |= (((one >> bit) & 1) << (2 * bit)) | (((other >> bit) & 1) << (2 * bit + 1))
    return found
