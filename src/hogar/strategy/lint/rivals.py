"""Can this action ever win? Actions that another one always comes before, and actions that are worth nothing.

An action comes before another one for sure when it is for the same subject and offering, asks nothing more, speaks
everywhere where the other does, and is never worth less. Everything has to be provable; else nothing is said.
"""

from __future__ import annotations

from hogar.errors import Problem
from hogar.expr import Expression, row
from hogar.strategy.lint.callers import callers
from hogar.strategy.lint.conditions import implies, warning
from hogar.strategy.types import Action, Strategy


def rivals_findings(strategy: Strategy) -> list[Problem]:
    """Actions that can never win."""
    found: list[Problem] = []
    for action in strategy.actions:
        why = _worthless(action)
        if why:
            found.append(warning(action.place, f"action `{action.key}` can never win: {why}"))
            continue
        rival = next((each for each in strategy.actions if _always_before(each, action, strategy)), None)
        if rival is not None:
            found.append(
                warning(
                    action.place,
                    f"action `{action.key}` can never win against `{rival.key}` ({rival.place.file}): that one asks "
                    "nothing more, speaks wherever this one does, and is never worth less",
                    "ask for something that sets them apart, or keep one of them",
                )
            )
    return found


def _worthless(action: Action) -> str:
    """Why an action's score is never above 0; empty where it may be."""
    interest, value = _constant(action.interest), _constant(action.value)
    if interest is not None and interest <= 0:
        return "its `interest` is 0"
    if value is not None and value <= 0:
        return "its `value` is not above 0 under the chosen objective"
    if action.weight_permille == 0:
        return "its urgency and levers make 0"
    if interest is not None and value is not None and not action.timed:
        most = min(interest, 1.0) * value * 100 * action.weight_permille / 1000
        if most < action.cost_cents:
            return (
                f"proposing it costs {action.cost_cents / 100:g} EUR and brings at most {most / 100:.2f} EUR"
            )
    return ""


def _always_before(better: Action, action: Action, strategy: Strategy) -> bool:
    """Whether `better` is sure to come before `action` wherever `action` could be proposed."""
    return (
        better.key != action.key
        and (better.scope, better.offering) == (action.scope, action.offering)
        and better.message_class == action.message_class
        and better.needs <= action.needs
        and set(better.roles_needed) <= set(action.roles_needed)
        and set(better.modes) >= set(action.modes)
        and better.timed == action.timed
        and better.season == action.season
        and _worth_as_much(better, action)
        and _speaks_wherever(better, action)
        and _named_wherever(better, action, strategy)
        and _free(better, strategy)
        and _asks_nothing_more(better, action)
    )  # fmt: skip


def _worth_as_much(better: Action, action: Action) -> bool:
    """Whether the score is never below; where it may be equal, keys decide."""
    if not (_at_least(better.interest, action.interest) and _at_least(better.value, action.value)):
        return False
    if better.weight_permille < action.weight_permille or better.cost_cents > action.cost_cents:
        return False
    return better.key < action.key or better.cost_cents < action.cost_cents


def _at_least(better: Expression, other: Expression) -> bool:
    one, two = _constant(better), _constant(other)
    return better.node == other.node or (one is not None and two is not None and one >= two)


def _speaks_wherever(better: Action, action: Action) -> bool:
    """Whether `better` has the same way of reaching people in every channel in which `action` has one."""
    return {(each.channel, each.pass_on) for each in better.treatments} >= {
        (each.channel, each.pass_on) for each in action.treatments
    }


def _named_wherever(better: Action, action: Action, strategy: Strategy) -> bool:
    return all(better.key in caller.actions for caller in callers(strategy) if action.key in caller.actions)


def _free(better: Action, strategy: Strategy) -> bool:
    """Whether no policy names `better` in particular: what it holds back may let the other one through."""
    policies = strategy.policies
    return not (
        better.key in policies.suppressed_actions
        or any(better.key in each.actions for each in policies.capacities)
        or any(better.key in each.actions or better.purpose in each.purposes for each in policies.calendar)
        or any(each.names(better.key, better.offering, better.purpose) for each in policies.suppressions)
    )


def _asks_nothing_more(better: Action, action: Action) -> bool:
    asked = [condition.expression for condition in action.conditions]
    return all(implies(asked, condition.expression) for condition in better.conditions)


def _constant(expression: Expression) -> float | None:
    """The number that an expression always is; None where it depends on something."""
    value = None if expression.names else row(expression, {})(())
    return float(value) if isinstance(value, float | int) else None
