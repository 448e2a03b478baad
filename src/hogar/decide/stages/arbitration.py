"""Which route is worth most? Probability x value x weight, less what asking costs, in integer micro-cents.

Integers compare the same in every mode and every batch. Before: value. After: selection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.candidates import Candidates
from hogar.decide.reasons import NO_GAIN

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation


def arbitration(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Score every candidate by its best route; those without a gain fall."""
    worth = candidates.value_cents * candidates.asked.weight.take(candidates.action)
    cost = candidates.asked.cost_micro.take(candidates.action, axis=1)
    best = np.maximum.reduce(scores(candidates.probability_micro, worth, cost), axis=0, initial=0)
    return replace(candidates, worth=worth, score=best).without(best <= 0, NO_GAIN)


def scores(
    probability_micro: npt.NDArray[np.int64], worth: npt.NDArray[np.int64], cost_micro: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Micro-cents: shape (channels, ...), like the costs. Never more at a smaller probability."""
    score = probability_micro * worth
    score //= 1000
    score -= cost_micro
    return score
