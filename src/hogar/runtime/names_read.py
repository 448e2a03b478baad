"""What does a strategy read of people? The names in its conditions, interests, values, words and audiences."""

from __future__ import annotations

from collections.abc import Iterator

from hogar.strategy.types import Strategy


def names_read(strategy: Strategy) -> frozenset[str]:
    """Every name that a decision, a text or an audience of this strategy reads."""
    return frozenset(_names(strategy))


def _names(strategy: Strategy) -> Iterator[str]:
    for action in strategy.actions:
        for condition in action.conditions:
            yield from condition.expression.names
        yield from action.interest.names
        yield from action.value.names
        yield from action.reason_names
        for treatment in action.treatments:
            yield from treatment.names
    for campaign in strategy.campaigns:
        yield from campaign.audience.names if campaign.audience is not None else ()
