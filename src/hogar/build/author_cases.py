"""Do the authors' own cases hold? Each is decided by the real kernel and compared with what its author expects.

Where it comes out otherwise, the problem says what came instead and why. The household of a case: `case_home`.
"""

from __future__ import annotations

from collections.abc import Sequence

from hogar import decide
from hogar.build.case_home import case_schema, case_situation
from hogar.decide import Decision, Explanation, Kernel, Proposal
from hogar.errors import Problem
from hogar.strategy.cases import Case, Expected
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import Catalogue

_CURE = "change the case or the action"


def failures(strategy: Strategy, catalogue: Catalogue, cases: Sequence[Case]) -> list[Problem]:
    """A problem for each case that comes out otherwise than its author expects."""
    if not cases:
        return []
    kernel = decide.bind(strategy.without_control_group(), case_schema(catalogue, cases))
    problems = []
    for case in cases:
        what = _unexpected(kernel, case, kernel.decide(case_situation(kernel, case))[0])
        if what:
            problems.append(Problem(place=case.place, what=f"case `{case.name}`: {what}", cure=_CURE))
    return problems


def _unexpected(kernel: Kernel, case: Case, decision: Decision) -> str:
    """What came out instead of what was expected; empty where it did."""
    explained = decide.explain(kernel, decision)
    expected = case.expected
    if expected.excluded is not None:
        return _not_excluded(expected, expected.excluded, explained)
    if expected.action is None:
        came = " and ".join(map(_said, explained.proposals))
        return f"{came}, nothing expected" if came else ""
    return _not_proposed(expected, expected.action, explained)


def _not_excluded(expected: Expected, action: str, explained: Explanation) -> str:
    proposal = _proposal_of(action, explained)
    if proposal is not None:
        return f"{_said(proposal)}, not excluded"
    reasons = sorted({each.reason for each in explained.excluded if each.action == action})
    if not expected.because or expected.because in reasons:
        return ""
    instead = " and ".join(reasons) or "not being asked for"
    return f"`{action}` is excluded because of {instead}, not {expected.because}{_why(action, explained)}"


def _not_proposed(expected: Expected, action: str, explained: Explanation) -> str:
    first = explained.proposals[0] if explained.proposals else None
    if first is None:
        return f"nothing is proposed, `{action}` expected{_why(action, explained)}"
    if first.action != action:
        second = _proposal_of(action, explained)
        less = f"; it comes after, worth {_worth(second)}" if second is not None else _why(action, explained)
        return f"{_said(first)} first, worth {_worth(first)}, `{action}` expected{less}"
    for what, wanted, came in (
        ("to", expected.recipient, first.recipient),
        ("in the words for", expected.role, first.role or "anybody"),
        ("through", expected.channel, first.channel),
    ):
        if wanted and wanted != came:
            return f"`{action}` is proposed {what} {came}, {wanted} expected"
    return ""


def _why(action: str, explained: Explanation) -> str:
    """Where an action fell, and because of what."""
    fell = [each for each in explained.excluded if each.action == action]
    why = sorted({f"{each.reason} ({each.because})" for each in fell})
    if why:
        return f"; it fell at {'; '.join(why)}"
    return "" if _proposal_of(action, explained) else "; it is not asked for here"


def _proposal_of(action: str, explained: Explanation) -> Proposal | None:
    return next((each for each in explained.proposals if each.action == action), None)


def _said(proposal: Proposal) -> str:
    return f"`{proposal.action}` is proposed to {proposal.recipient} through {proposal.channel}"


def _worth(proposal: Proposal) -> str:
    return f"{proposal.score_microcents / 1e8:.2f} EUR"
