"""How interested would the user be? The action's interest, as a probability rounded to millionths.

Before: routes. After: decision chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from hogar.decide.candidates import MICRO, Candidates, Index
from hogar.decide.reasons import INTEREST_UNKNOWN
from hogar.decide.situation import Floats

if TYPE_CHECKING:
    from hogar.decide.binding import ScopeBinding
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation
    from hogar.expr import Subjects


def propensity(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Interest of every candidate that has a route; unknown interest takes the candidate out.

    The value is computed in the same pass over the subjects; the stage `value` looks at it.
    """
    interest, euros = _amounts(candidates, kernel)
    micro = np.rint(np.minimum(np.fmax(interest, 0.0), 1.0) * MICRO).astype(np.int32)
    found = replace(candidates, interest_micro=micro, value_eur=euros)
    return found.without(interest != interest, INTEREST_UNKNOWN)


def _amounts(candidates: Candidates, kernel: Kernel) -> tuple[Floats, Floats]:
    """Interest and value in euros of every candidate that has a route; NaN for the others and where unknown."""
    live = candidates.code == 0
    every = np.count_nonzero(live) == len(live)
    if every and len(candidates.parts) == 1:
        entity, _ = candidates.parts[0]
        return _of_scope(
            kernel.scopes[entity], candidates.inputs[entity], candidates.column, candidates.subject
        )
    interest = np.full(len(live), np.nan, dtype=np.float64)
    euros = np.full(len(live), np.nan, dtype=np.float64)
    for entity, of_scope in candidates.parts:
        of_live = of_scope if every else np.arange(len(live))[of_scope][live[of_scope]]
        interest[of_live], euros[of_live] = _of_scope(
            kernel.scopes[entity],
            candidates.inputs[entity],
            candidates.column[of_live],
            candidates.subject[of_live],
        )
    return interest, euros


def _of_scope(
    binding: ScopeBinding, subjects: Subjects, column: Index, subject: Index
) -> tuple[Floats, Floats]:
    """Both amounts in one pass: the scope's interests come before its values."""
    both = np.concatenate((column, column + len(binding.actions)))
    found = binding.amounts.at(both, np.concatenate((subject, subject)), subjects)
    return found[: len(column)], found[len(column) :]
