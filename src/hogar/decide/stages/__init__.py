"""Through which steps does a decision go? The stages, in order, each a function over arrays of candidates.

`arms` says who is out of it, `eligibility` what may be proposed, `routes` to whom and through what, `propensity`
how interested, `decision_chain` how likely the family says yes, `value` what it is worth, `arbitration` what it
scores, `selection` what is proposed. Each takes candidates and returns candidates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hogar.decide.candidates import Candidates
from hogar.decide.stages.arbitration import arbitration
from hogar.decide.stages.arms import arms
from hogar.decide.stages.decision_chain import decision_chain
from hogar.decide.stages.eligibility import eligibility
from hogar.decide.stages.propensity import propensity
from hogar.decide.stages.routes import routes
from hogar.decide.stages.selection import selection
from hogar.decide.stages.value import value

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation

    Stage = Callable[[Candidates, Kernel, Situation], Candidates]

STAGES: tuple[Stage, ...] = (
    arms,
    eligibility,
    routes,
    propensity,
    decision_chain,
    value,
    arbitration,
    selection,
)
