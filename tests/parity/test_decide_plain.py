"""The kernel's arrays say what plain loops say: proposals, numbers and reasons, for random worlds.

With it selection equals sequential greedy choice, and the decision chain its formula, since the plain kernel has
both written out.
"""

from __future__ import annotations

import numpy as np
import pytest
from kernel_homes import NOW
from kernel_worlds import World
from plain_kernel import Plain

from hogar.decide import Decision
from hogar.decide.reasons import RULES_FROM

SEEDS = range(300)


def plain(world: World, number: int) -> Plain:
    """One household of the world decided by loops."""
    return Plain(
        world.strategy, world.kernel.schema, world.homes[number], world.counters[number], world.mode, world.minute,
        world.weekday, world.request, None if world.audience is None else world.audience[number],
        NOW,
    ).decide()  # fmt: skip


def reasons(world: World, decision: Decision) -> dict[tuple[str, str], object]:
    """The kernel's codes as the plain kernel says them."""
    found: dict[tuple[str, str], object] = {}
    for scope, codes, subjects in (
        ("household", decision.codes_household, (decision.household,)),
        ("person", decision.codes_person, decision.persons),
        ("line", decision.codes_line, decision.lines),
    ):
        numbers = world.kernel.scopes[scope].actions.tolist()
        table = np.frombuffer(codes, dtype="<u2").reshape(len(subjects), len(numbers)).tolist()
        for subject, row in zip(subjects, table, strict=True):
            for number, code in zip(numbers, row, strict=True):
                action = world.strategy.actions[number]
                base = int(world.kernel.code_base[number])
                is_condition = code >= RULES_FROM and base <= code < base + 2 * len(action.conditions)
                found[action.key, subject] = (
                    ((code - base) // 2, bool((code - base) % 2))
                    if is_condition
                    else world.kernel.reasons[code].name
                )
    return found


@pytest.mark.parametrize("first", range(0, len(SEEDS), 50))
def test_arrays_and_loops_give_the_same_decision(first: int) -> None:
    """Same proposals in the same order, with the same probabilities, money and scores, and the same reasons."""
    for seed in SEEDS[first : first + 50]:
        world = World(seed, homes_max=3)
        for number, decision in enumerate(world.decisions()):
            expected = plain(world, number)
            assert [
                (
                    each.score_microcents, each.action, each.subject, each.recipient, each.channel, each.language,
                    each.role, each.chain_micro, each.probability_micro, each.value_cents, each.cost_cents,
                )
                for each in decision.proposals
            ] == [
                (
                    route.score, route.action.key, route.subject, world.homes[number].members[route.person].id,
                    route.channel, route.language, route.role, route.chain_micro, route.probability_micro,
                    route.value_cents, route.cost_cents,
                )
                for route in expected.chosen
            ], f"World({seed}, homes_max=3), household {number}"  # fmt: skip
            assert reasons(world, decision) == expected.reasons, (
                f"World({seed}, homes_max=3), household {number}"
            )
