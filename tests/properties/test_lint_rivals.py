"""An action of which it is said that it can never win never comes before the one that is said to beat it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_homes import parsed
from kernel_worlds import World, examples

from hogar.strategy.lint.rivals import rivals_findings
from hogar.strategy.types import Action

pytestmark = pytest.mark.timeout(1800)  # with `make properties` on a busy machine
SEEDS = st.integers(0, 2**32 - 1)
CLAIM = re.compile(r"action `([^`]+)` can never win against `([^`]+)`")


def weaker(world: World, action: Action, number: int) -> Action:
    """A copy of an action that asks more, is worth less or costs more, or differs in a way that may matter."""
    asked = world.strategy.actions[0].conditions  # what they say of an offering needs one
    changes = (
        {
            "conditions": (
                *action.conditions,
                *(c for c in asked if not any("action." in n for n in c.expression.names)),
            )
        },
        {"cost_cents": action.cost_cents + number},
        {"weight_permille": max(action.weight_permille - 100, 1)},
        {"treatments": action.treatments[:1]},
        {"interest": parsed("0.9")},
        {"roles_needed": ()},
        {"needs": frozenset({"nobody"})},
        {"message_class": "service"},
        {"purpose": "care"},
    )
    return replace(action, key=f"{action.key}z", **changes[number % len(changes)])


def test_who_never_wins_never_wins() -> None:
    """In random worlds with weaker copies of their actions; and many claims are made."""
    claims = 0

    @given(seed=SEEDS)
    @examples(250)
    def hold(seed: int) -> None:
        nonlocal claims
        world = World(seed)
        copies = [
            weaker(world, action, seed + number)
            for number, action in enumerate(world.strategy.actions)
            if action.scope == world.strategy.actions[0].scope
        ]
        actions = sorted((*world.strategy.actions, *copies), key=lambda action: action.key)
        world.strategy = replace(world.strategy, actions=tuple(actions))
        asked = world.request.actions
        for finding in rivals_findings(world.strategy):
            found = CLAIM.match(finding.what)
            if found is None or found[2] in world.request.stopped_actions:
                continue
            if asked is not None and found[2] not in asked:
                continue
            claims += 1
            for decision in world.decisions():
                proposed = [each.action for each in decision.proposals]
                if found[1] in proposed:
                    assert found[2] in proposed[: proposed.index(found[1])], (finding.what, proposed)

    hold()
    assert claims >= 100, claims
