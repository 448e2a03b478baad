"""What follows from a difference for decisions? Effects that no author wrote in one place, compiled from all files.

Reads two compiled strategies; returns what holds otherwise for which actions: whose data they rest on, and so who may
hear them; the house's own conditions; their weight and cost. Neighbour: `diff` has what was written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hogar.strategy.diff_parts import CONDITIONS
from hogar.strategy.types import Action, Strategy

NEW, GONE = "whose data a new action rests on", "whose data an action rested on that is gone"
SHOWN_MAX = 4  # actions that a line names


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What holds otherwise, for the actions for which it does."""

    what: str
    before: str
    after: str
    actions: tuple[str, ...]


def effects(before: Strategy, after: Strategy) -> tuple[Effect, ...]:
    """What follows for actions, those alike together; of an action that is new or gone, whose data it rests on."""
    old = {action.key: action for action in before.actions}
    found: dict[tuple[str, str, str], list[str]] = {}
    for action in after.actions:
        if action.key in old:
            for what, say in _SAID.items():
                was, now = say(old[action.key]), say(action)
                if was != now:
                    found.setdefault((what, was, now), []).append(action.key)
        else:
            found.setdefault((NEW, "", _needs(action)), []).append(action.key)
    kept = {action.key for action in after.actions}
    for key, gone in old.items():
        if key not in kept:
            found.setdefault((GONE, _needs(gone), ""), []).append(key)
    if before.objective != after.objective:
        keys = [action.key for action in after.actions if action.key in old]
        found["objective in force", before.objective, after.objective] = keys
    return tuple(
        Effect(what=what, before=was, after=now, actions=tuple(keys))
        for (what, was, now), keys in found.items()
    )


def effect_words(effect: Effect) -> str:
    """One effect as a line for people.

    >>> effect_words(Effect(what="weight", before="1", after="1.3", actions=("renewal", "tv")))
    'weight: 1 becomes 1.3 for renewal, tv'
    """
    more = len(effect.actions) - SHOWN_MAX
    names = ", ".join(effect.actions[:SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")
    if effect.what in (NEW, GONE):
        return f"{effect.what}: {effect.after or effect.before or 'nobody in particular'}, for {names}"
    return f"{effect.what}: {effect.before or 'nothing'} becomes {effect.after or 'nothing'} for {names}"


_WHO_HEARS = {
    "person": "the person's",
    "payer": "the payer's",
    "aggregate": "the home's",
    "nobody": "nobody's",
}


def _needs(action: Action) -> str:
    somebodys = action.needs - {"nobody"} or action.needs
    return " and ".join(_WHO_HEARS[whose] for whose in sorted(somebodys))


def _house(action: Action) -> str:
    return ", ".join(dict.fromkeys(c.kind for c in action.conditions if c.kind not in CONDITIONS.values()))


def _weight(action: Action) -> str:
    days = sorted(
        f"{each.weight:g} ({each.season.first or '...'} to {each.season.last or '...'})"
        for each in action.timed
    )
    return " × ".join([f"{action.weight_permille / 1000:g}", *days])


_SAID: dict[str, Callable[[Action], str]] = {
    "rests on whose data": _needs,
    "the house's conditions": _house,
    "weight": _weight,
    "cost of proposing it, in euros": lambda action: f"{action.cost_cents / 100:.2f}",
}
