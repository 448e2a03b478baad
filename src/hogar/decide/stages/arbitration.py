"""Which route is worth most? Probability x value x weight, less what asking costs, in integer micro-cents.

Integers compare the same in every mode and every batch. Before: value. After: selection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from hogar.decide.candidates import Candidates
from hogar.decide.reasons import NO_GAIN
from hogar.decide.stages.propensity import MICRO

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation


def arbitration(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Score every route; routes that gain nothing close, candidates without a gain fall."""
    worth = (candidates.value_cents * kernel.weight[candidates.action])[candidates.route_candidate]
    cost = kernel.cost[candidates.action[candidates.route_candidate]]
    score = candidates.probability_micro * worth // 1000
    score -= (cost + candidates.asked.message_cents[:, None]) * MICRO
    is_open = candidates.route_open & (score > 0)
    gains = np.zeros(len(candidates.code), dtype=np.bool_)
    gains[candidates.route_candidate[is_open.any(axis=0)]] = True
    code = np.where(gains | (candidates.code != 0), candidates.code, np.uint16(NO_GAIN))
    return replace(candidates, score=score, route_open=is_open, code=code)
