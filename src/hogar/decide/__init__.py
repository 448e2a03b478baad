"""What is best now, and why not the rest? The pure kernel that all three modes call.

`bind(strategy, schema)` makes a `Kernel`; `Situation.of(...)` gathers arrays; `kernel.decide(situation)` gives
`Decisions`; `explain(kernel, decision)` says why and why not. Reads no file, clock, chance or store.
Below: `strategy`, `expr`, `telco`. Above: `runtime` gathers what it needs and commits what it says.
"""

from hogar.decide.days import local_day
from hogar.decide.decision import Decision, Proposal, decode_decision
from hogar.decide.decisions import Decisions
from hogar.decide.explanation import Exclusion, Explanation, explain
from hogar.decide.kernel import BindingError, Kernel, bind
from hogar.decide.reasons import HOUSE_REASONS, Reason
from hogar.decide.situation import ContactFact, Counters, Request, Situation
from hogar.decide.stages import STAGES
from hogar.decide.stages.arms import control_group
from hogar.decide.stages.decision_chain import yes_by_role

__all__ = [
    "HOUSE_REASONS",
    "STAGES",
    "BindingError",
    "ContactFact",
    "Counters",
    "Decision",
    "Decisions",
    "Exclusion",
    "Explanation",
    "Kernel",
    "Proposal",
    "Reason",
    "Request",
    "Situation",
    "bind",
    "control_group",
    "decode_decision",
    "explain",
    "local_day",
    "yes_by_role",
]
