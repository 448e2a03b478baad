"""What is said of actions that nobody on the base would hear? Counts in, findings with their places out.

Who never qualifies is told at the condition that stops most, who never wins with what comes first instead.
Before: `findings` counts with `tally`.
"""

from __future__ import annotations

from collections.abc import Sequence

from hogar.build.base.tally import Fare, Tally
from hogar.decide.reasons import NO_TREATMENT
from hogar.errors import Place, Problem
from hogar.runtime.engine import Published
from hogar.strategy.types import Action

_TOLD = 3  # reasons that a finding names


def verdicts(published: Published, tally: Tally, unjudged: set[str]) -> list[Problem]:
    """A finding for each action that could be judged and that nobody would ever hear."""
    found = []
    for action, fare in zip(published.kernel.strategy.actions, tally.fares, strict=True):
        if action.key in unjudged or not fare.subjects:
            continue
        if not fare.qualified:
            found.append(_never_qualifies(published, action, fare))
        elif not fare.proposed:
            found.append(_never_wins(published, action, fare))
    return found


def _never_qualifies(published: Published, action: Action, fare: Fare) -> Problem:
    reasons = published.kernel.reasons
    said: list[str] = []
    place = action.place
    for code, count in fare.stopped.most_common(_TOLD):
        reason = reasons[code]
        if not said and reason.place is not None:
            place = reason.place
        what = "is unknown for" if reason.unknown else "stops"
        said.append(f"`{reason.text}` {what} {count:,}")
    scope = {"household": "households", "person": "persons", "line": "lines"}[action.scope]
    what = f"action `{action.key}` qualifies for none of {fare.subjects:,} {scope}: {', '.join(said)}"
    return warned(place, what, "see whether the condition, or the data behind it, is meant so")


def _never_wins(published: Published, action: Action, fare: Fare) -> Problem:
    kernel = published.kernel
    fell = [kernel.reasons[code].name for code, _ in fare.fell.most_common() if code != NO_TREATMENT]
    reasons = ", ".join(fell[:_TOLD]) or kernel.reasons[NO_TREATMENT].name
    winners = [kernel.strategy.actions[number].key for number, _ in fare.winners.most_common(_TOLD)]
    instead = f"; where it is outranked, {_listed(winners)} come first" if winners else ""
    what = f"action `{action.key}` qualifies {fare.qualified:,} times and never wins: {reasons}{instead}"
    return warned(action.place, what, "raise its value or urgency, or set it apart by its conditions")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def warned(place: Place, what: str, cure: str) -> Problem:
    """A finding that stops nothing."""
    return Problem(place=place, what=what, cure=cure, severity="warning")
