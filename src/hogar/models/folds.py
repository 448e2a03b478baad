"""Who is held back when? Folds by a stable hash of the group, so that a household never sits on both sides.

No chance: the same group is in the same fold on every machine, in every run, whoever else is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt


def folds_of(groups: Sequence[str], folds: int, salt: str) -> npt.NDArray[np.int64]:
    """The fold, from 0 to folds - 1, of each group id.

    >>> folds_of(["H-1", "H-2", "H-1"], 4, "churn")[[0, 2]].tolist() == [folds_of(["H-1"], 4, "churn")[0]] * 2
    True
    """
    known: dict[str, int] = {}
    for group in groups:
        if group not in known:
            digest = blake2b(f"{salt}\0{group}".encode(), digest_size=8).digest()
            known[group] = int.from_bytes(digest, "big") % folds
    return np.array([known[group] for group in groups], dtype=np.int64)
