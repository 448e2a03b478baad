"""What is a cell called in the silos? The same wherever one is named."""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Texts


def cell_ids(cells: int) -> Texts:
    """The id of each cell.

    >>> cell_ids(2).tolist()
    ['CEL00000', 'CEL00001']
    """
    return np.array([f"CEL{cell:05d}" for cell in range(cells)], dtype=object)
