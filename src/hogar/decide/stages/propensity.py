"""How interested would the user be? The action's interest, as a probability rounded to millionths.

Before: routes. After: decision chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from hogar.decide.candidates import Candidates
from hogar.decide.reasons import INTEREST_UNKNOWN
from hogar.decide.situation import Floats

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation

MICRO = 1_000_000


def propensity(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Interest of every candidate that has a route; unknown interest takes the candidate out."""
    interest = of_each(candidates, kernel, "interest")
    unknown = np.isnan(interest) & (candidates.code == 0)
    micro = np.rint(np.minimum(np.fmax(interest, 0.0), 1.0) * MICRO).astype(np.int32)
    return replace(candidates, interest_micro=micro).without(unknown, INTEREST_UNKNOWN)


def of_each(candidates: Candidates, kernel: Kernel, which: str) -> Floats:
    """An expression of each candidate's action (`interest` or `value`) for its subject; NaN where out or unknown."""
    answers = np.full(len(candidates.code), np.nan, dtype=np.float64)
    live = candidates.code == 0
    for entity, of_scope in candidates.parts:
        of_live = np.arange(len(live))[of_scope][live[of_scope]]
        answers[of_live] = candidates.inputs[entity].number_of_each(
            getattr(kernel.scopes[entity], which), candidates.column[of_live], candidates.subject[of_live]
        )
    return answers
