"""What is an accepted action worth to us? `objectives.yml`: named objectives, the chosen one, levers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hogar.errors import Place, did_you_mean
from hogar.expr import Expression
from hogar.strategy.documents import Document, Node
from hogar.strategy.expressions import Parser, filled
from hogar.strategy.fields import Fields
from hogar.strategy.names import OBJECTIVE_FACTS, Allowed

PURPOSES = ("acquire", "grow", "upgrade", "retain", "care")
WEIGHT_MAX = 10.0


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A weight on all actions of a purpose, or on one action."""

    purpose: str
    action: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Objectives:
    """The named objectives, which one is chosen, and the levers."""

    values: Mapping[str, Expression]
    chosen: str
    levers: tuple[Lever, ...]

    def value_of(
        self, value: Expression, purpose: str, parser: Parser, document: Document
    ) -> Expression | None:
        """An action's value under the chosen objective; None, and a problem noted, when it grows too big."""
        objective = self.values.get(self.chosen)
        if objective is None or objective.text.strip() == "action.value_eur":
            return value
        word = parser.house(f"'{purpose}'", value.place)
        return filled(objective, {"action.value_eur": value, "action.purpose": word}, document)

    def weight_of(self, action: str, purpose: str) -> float:
        """The product of the levers that pull at an action."""
        weight = 1.0
        for lever in self.levers:
            if action == lever.action or purpose == lever.purpose:
                weight *= lever.weight
        return weight


def read_objectives(document: Document, parser: Parser, action_keys: Sequence[str]) -> Objectives:
    """All of objectives.yml. An objective sees the action's value and purpose, and the household."""
    fields = Fields(
        document, document.root, "objectives", ("objectives", "default", "levers"), ("objectives", "default")
    )
    values: dict[str, Expression] = {}
    names: list[str] = []
    for key, node in fields.entries("objectives"):
        names.append(key.value)
        owner = f"objective `{key.value}`"
        each = Fields(document, node, owner, ("value", "help"), ("value",))
        value = each.node("value")
        if value is not None:
            allowed = Allowed(owner=owner, scope="household", facts=frozenset(OBJECTIVE_FACTS))
            expression = parser.expression(document, value, "number", allowed)
            if expression is not None:
                values[key.value] = expression
    chosen = fields.text("default")
    if chosen and names and chosen not in names:
        document.problem(fields.at("default"), f"`{chosen}` is not an objective", did_you_mean(chosen, names))
    levers = [
        _lever(document, node, number, action_keys) for number, node in enumerate(fields.elements("levers"))
    ]
    return Objectives(values=values, chosen=chosen, levers=tuple(levers))


def _lever(document: Document, node: Node, number: int, action_keys: Sequence[str]) -> Lever:
    owner = f"lever {number + 1}"
    fields = Fields(document, node, owner, ("purpose", "action", "weight", "help"), ("weight",))
    if ("purpose" in fields) == ("action" in fields):
        place: Place = fields.place
        document.problem(place, f"{owner} must have a `purpose` or an `action`, and not both")
    return Lever(
        purpose=fields.choice("purpose", "a purpose", PURPOSES, ""),
        action=fields.choice("action", "an action", action_keys, ""),
        weight=fields.number("weight", 1.0, at_least=0, at_most=WEIGHT_MAX),
    )
