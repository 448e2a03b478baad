"""What compiles and still cannot be meant? Warnings about a strategy: conditions, rivals, words, policies.

`findings` reads a compiled strategy and its texts, and returns warnings with their places; none of them stops
anything. Each is sure: where something cannot be proven from the files alone, nothing is said. What only
shows on customers (who never qualifies, who never wins) is found by `build` over published profiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hogar.errors import Place, Problem
from hogar.strategy.documents import child, read
from hogar.strategy.lint.conditions import conditions_findings, implies, warning
from hogar.strategy.lint.meetings import asked, meetings_findings
from hogar.strategy.lint.policies import policies_findings
from hogar.strategy.lint.rivals import rivals_findings
from hogar.strategy.lint.speech import speech_findings
from hogar.strategy.types import Strategy

__all__ = ["findings", "implies", "warning"]

POLICIES = "strategy/policies.yml"


def findings(strategy: Strategy, texts: Mapping[str, str | bytes]) -> list[Problem]:
    """Every warning about a strategy, in the order of file and line."""
    found = [
        *_conditions(strategy), *meetings_findings(strategy), *rivals_findings(strategy), *speech_findings(strategy),
        *policies_findings(strategy, partial(place_of, texts, POLICIES)),
    ]  # fmt: skip
    return sorted(set(found))


def place_of(texts: Mapping[str, str | bytes], file: str, *path: str) -> Place:
    """Where a file has a key, by its path of keys; where the last of them is missing, the one above it."""
    node = read(file, texts[file]).root if file in texts else None
    place = Place(file=file)
    for key in path:
        node = child(node, key)
        place = place if node is None else node.place
    return place


def _conditions(strategy: Strategy) -> list[Problem]:
    return [
        finding
        for action in strategy.actions
        for finding in conditions_findings(f"action `{action.key}`", asked(action))
    ]
