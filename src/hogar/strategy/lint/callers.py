"""What asks for actions by name? Triggers and campaigns, as far as they are alike."""

from __future__ import annotations

from dataclasses import dataclass

from hogar.errors import Place
from hogar.expr import Expression
from hogar.strategy.types import Strategy


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A trigger or a campaign. `same` begins the names that mean the same to it and to its actions."""

    title: str
    place: Place
    actions: tuple[str, ...]
    channels: tuple[str, ...]
    condition: Expression | None
    same: str


def callers(strategy: Strategy) -> list[Caller]:
    """All triggers, then all campaigns."""
    triggers = [
        Caller(
            title=f"trigger `{each.name}`", place=each.place, actions=each.actions, channels=each.channels,
            condition=each.when, same="event.",
        )
        for each in strategy.triggers
    ]  # fmt: skip
    campaigns = [
        Caller(
            title=f"campaign `{each.name}`", place=each.place, actions=each.actions, channels=each.channels,
            condition=each.audience, same="household.",
        )
        for each in strategy.campaigns
    ]  # fmt: skip
    return [*triggers, *campaigns]
