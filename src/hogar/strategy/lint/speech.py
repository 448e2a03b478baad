"""Is everything said, and asked of the right people? Missing treatments, channels without words, roles not named."""

from __future__ import annotations

from collections.abc import Sequence

from hogar.errors import Problem
from hogar.strategy.lint.callers import Caller, callers
from hogar.strategy.lint.conditions import warning
from hogar.strategy.types import Action, Strategy
from hogar.telco.channels import INBOUND_CHANNELS

_PRICED = ("acquire", "grow", "upgrade")
_CHEAPER = ("action.saving_eur", "action.extra_eur")


def speech_findings(strategy: Strategy) -> list[Problem]:
    """What is not said, or not to those who decide."""
    found: list[Problem] = []
    for action in strategy.actions:
        found += [
            *_languages(action, strategy.policies.languages),
            *_modes(action, strategy),
            *_roles(action),
        ]
    for caller in callers(strategy):
        asked = [action for action in strategy.actions if action.key in caller.actions]
        found += _unspoken(caller, asked)
    return found


def _languages(action: Action, languages: Sequence[str]) -> list[Problem]:
    """Treatments that lack one of the project's languages."""
    found = []
    for channel, role in dict.fromkeys((each.channel, each.role) for each in action.treatments):
        written = [each for each in action.treatments if (each.channel, each.role) == (channel, role)]
        lacking = [word for word in languages if word not in {each.language for each in written}]
        if lacking:
            whom = f" for a {role}" if role else ""
            found.append(
                warning(
                    written[0].place,
                    f"treatment `{channel}`{whom} of action `{action.key}` lacks {_listed(lacking)}",
                    f"customers of that language hear `{written[0].language}`" if not role else
                    "there they hear the plain words",
                )
            )  # fmt: skip
    return found


def _modes(action: Action, strategy: Strategy) -> list[Problem]:
    """A mode that something asks for and in which the action has no words."""
    spoken = {each.channel for each in action.treatments}
    inbound = spoken & set(INBOUND_CHANNELS)
    if not inbound and "inbound" in action.modes and "inbound" in strategy.policies.proposals_max:
        named = {key for caller in callers(strategy) for key in caller.actions}
        if action.key not in named:
            return [
                warning(
                    action.place,
                    f"action `{action.key}` has no treatment for a channel that customers open, and no trigger or "
                    "campaign names it: it is never said",
                    f"add a treatment such as `{INBOUND_CHANNELS[0]}`, or name it",
                )
            ]
    return []


def _roles(action: Action) -> list[Problem]:
    """A sale that costs something and asks nobody's yes outranks those that do ask."""
    names = {name for condition in action.conditions for name in condition.expression.names}
    costs = action.offering is not None and action.message_class == "marketing" and action.purpose in _PRICED
    if action.roles_needed or not costs or names & set(_CHEAPER):
        return []
    return [
        warning(
            action.place,
            f"action `{action.key}` sells `{action.offering}` and names no role: it counts as accepted by whoever "
            "hears it, and so outranks actions that ask who pays",
            "add `roles_needed: [financial_controller]`",
        )
    ]


def _unspoken(caller: Caller, actions: Sequence[Action]) -> list[Problem]:
    """Channels of a trigger or campaign in which none of its actions is said."""
    spoken = {each.channel for action in actions for each in action.treatments}
    return [
        warning(
            caller.place,
            f"{caller.title} names the channel `{channel}`, and none of its actions has a treatment for it",
            "write one, or leave the channel out",
        )
        for channel in caller.channels
        if channel not in spoken
    ]


def _listed(words: Sequence[str]) -> str:
    return " and ".join(f"`{word}`" for word in words)
