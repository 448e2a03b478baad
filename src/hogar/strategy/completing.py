"""What does an action come to among the other files? The house's rules, suppressions, objective, levers, prices.

Cheap beside reading: when only an objective or a lever changes, every action is completed anew and none read again.
Before: `actions`, `policies`, `objectives`, `controls`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hogar.strategy.actions import Written
from hogar.strategy.controls import Controls
from hogar.strategy.documents import Document
from hogar.strategy.expressions import Parser, all_names
from hogar.strategy.house_rules import HouseRule, house_conditions
from hogar.strategy.levers import PULL_MAX, pull
from hogar.strategy.names import reaches_beyond, whose_data
from hogar.strategy.objectives import Objectives
from hogar.strategy.suppressions import Suppressions
from hogar.strategy.types import Action, Condition

CONDITIONS_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What an action is completed with: the other files' content."""

    parser: Parser
    objectives: Objectives
    house_rules: Sequence[HouseRule]
    suppressions: Suppressions
    controls: Controls


def complete(written: Written, document: Document, around: Surroundings) -> Action | None:
    """The whole action, or None where its value is too big to be weighed; problems are noted in its document."""
    action = written.action
    pulled = pull(around.objectives.levers, action.key, action.purpose)
    if written.urgency * pulled.most > PULL_MAX:
        document.problem(
            written.urgency_at, f"urgency and levers may pull action `{action.key}` "
            f"{written.urgency * pulled.most:g} times, {PULL_MAX:g} allowed", "weaken a lever, or the urgency",
        )  # fmt: skip
    worth = around.objectives.value_of(action.value, action.purpose, around.parser, document)
    if worth is None:
        return None
    asked = [condition.expression for condition in action.conditions]
    names = all_names([*asked, action.interest, worth]) | written.said
    return replace(
        action,
        conditions=(*_house(written, names, document, around), *action.conditions),
        value=worth,
        cost_cents=action.cost_cents + around.controls.price_cents(action=action.key),
        weight_permille=round(1000 * written.urgency * pulled.always),
        timed=pulled.timed,
        # The house's conditions are left out on purpose: see `house_rules`.
        needs=whose_data(names, around.parser.words, action.offering),
    )


def _house(
    written: Written, names: frozenset[str], document: Document, around: Surroundings
) -> list[Condition]:
    """The conditions that the author did not write: the house's rules, then suppressions."""
    action, words = written.action, around.parser.words
    beyond = sorted(each for each in names if reaches_beyond(each, action.scope, words))
    if beyond and "household.payers" not in words.types:
        document.problem(
            document.start, f"action `{action.key}` uses `{beyond[0]}`: whether one person pays it all is not known",
            "add `household.payers` to the feature catalogue",
        )  # fmt: skip
    found = house_conditions(
        around.parser, around.house_rules, written.offering_at, offering=action.offering is not None,
        message_class=action.message_class, like_for_like=written.like_for_like, beyond_subject=bool(beyond),
    )  # fmt: skip
    found += around.suppressions.conditions(
        around.parser, action.key, action.scope, offering=action.offering, purpose=action.purpose,
        message_class=action.message_class,
    )  # fmt: skip
    many = len(found) + len(action.conditions)
    if many > CONDITIONS_MAX:
        document.problem(
            document.start, f"action `{action.key}` has {many} conditions, {CONDITIONS_MAX} allowed"
        )
    return found
