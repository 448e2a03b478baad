"""Can a trigger or campaign ever lead to the actions it names? Its own condition held against each action's.

A trigger and its actions see the same event. A campaign's audience is about a member and one of the lines that member
uses, which need not be the action's: only what it says of the household is held against the action.
"""

from __future__ import annotations

from hogar.errors import Problem
from hogar.expr import Expression, conjuncts
from hogar.strategy.lint.callers import callers
from hogar.strategy.lint.conditions import Asked, conditions_findings, contradiction, never_together
from hogar.strategy.types import Action, Strategy

AUTHORS = ("eligible", "applicable", "suitable")


def meetings_findings(strategy: Strategy) -> list[Problem]:
    """What is wrong with the conditions of triggers and campaigns, alone and beside their actions."""
    actions = {action.key: action for action in strategy.actions}
    found: list[Problem] = []
    for caller in callers(strategy):
        parts = [] if caller.condition is None else [_part(part) for part in conjuncts(caller.condition)]
        alone = conditions_findings(f"what {caller.title} names", parts)
        found += alone
        shared = [
            part for part in parts if all(name.startswith(caller.same) for name in part.expression.names)
        ]
        for key in caller.actions if shared and not alone else ():
            group = never_together([*asked(actions[key]), *shared])
            if any(each in shared for each in group) and not all(each in shared for each in group):
                found.append(contradiction(f"action `{key}` by {caller.title}", group))
    return found


def asked(action: Action) -> list[Asked]:
    """The conditions of an action, the house's own among them."""
    return [
        Asked(expression=each.expression, text=each.text, place=each.place, by_house=each.kind not in AUTHORS)
        for each in action.conditions
    ]


def _part(part: Expression) -> Asked:
    return Asked(expression=part, text=" ".join(part.text.split()), place=part.place)
