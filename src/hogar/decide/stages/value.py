"""What is a yes worth under the chosen objective? Euros of the action's value expression, as integer cents.

Before: decision chain. After: arbitration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from hogar.decide.candidates import Candidates
from hogar.decide.reasons import VALUE_UNKNOWN

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation

VALUE_EUR_MAX = 900_000.0  # at the largest weight (100) and a certain yes the score still fits int64


def value(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Value of every candidate that has a route; unknown or absurd value takes the candidate out."""
    euros = candidates.value_eur
    known = np.abs(euros) <= VALUE_EUR_MAX
    cents = np.rint(np.where(known, euros, 0.0) * 100).astype(np.int64)
    return replace(candidates, value_cents=cents).without(~known, VALUE_UNKNOWN)
