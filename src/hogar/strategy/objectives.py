"""What is an accepted action worth to us? `objectives.yml`: named objectives, the chosen one, levers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hogar.errors import did_you_mean
from hogar.expr import Expression
from hogar.strategy.controls import Controls
from hogar.strategy.documents import Document
from hogar.strategy.expressions import Parser, filled
from hogar.strategy.fields import Fields
from hogar.strategy.levers import LEVERS, Lever, read_levers
from hogar.strategy.names import OBJECTIVE_FACTS, Allowed
from hogar.strategy.shapes import EXPRESSION, HELP, Field, Named, name_of, table

OBJECTIVE = table(
    Field(
        "value",
        EXPRESSION,
        "what a yes is worth in euros; `action.value_eur` is the action's own",
        required=True,
    ),
    HELP,
    help="one way to count",
)
OBJECTIVES = table(
    Field("objectives", Named(value=OBJECTIVE), "the ways to count, by name", required=True),
    Field("default", name_of("objective"), "the one in force", required=True),
    LEVERS,
    help="what is an accepted action worth to us?",
)


@dataclass(frozen=True, kw_only=True)
class Objectives:
    """The named objectives (`names` has the broken ones too), which one is chosen, and the levers."""

    values: Mapping[str, Expression]
    names: tuple[str, ...]
    chosen: str
    levers: tuple[Lever, ...]

    def under(self, controls: Controls) -> Objectives:
        """With what was changed at run time: another one chosen, levers added."""
        chosen = controls.objective if controls.objective in self.names else self.chosen
        return replace(self, chosen=chosen, levers=(*self.levers, *controls.levers))

    def value_of(
        self, value: Expression, purpose: str, parser: Parser, document: Document
    ) -> Expression | None:
        """An action's value under the chosen objective; None, and a problem noted, when it grows too big."""
        objective = self.values.get(self.chosen)
        if objective is None or objective.text.strip() == "action.value_eur":
            return value
        word = parser.house(f"'{purpose}'", value.place)
        return filled(objective, {"action.value_eur": value, "action.purpose": word}, document)


def read_objectives(document: Document, parser: Parser, action_keys: Sequence[str]) -> Objectives:
    """All of objectives.yml. An objective sees the action's value and purpose, and the household."""
    fields = Fields(document, document.root, "objectives", OBJECTIVES)
    values: dict[str, Expression] = {}
    names: list[str] = []
    for key, node in fields.entries("objectives"):
        names.append(key.value)
        owner = f"objective `{key.value}`"
        each = Fields(document, node, owner, OBJECTIVE)
        each.text("help")
        value = each.node("value")
        if value is not None:
            allowed = Allowed(owner=owner, scope="household", facts=frozenset(OBJECTIVE_FACTS))
            expression = parser.expression(document, value, "number", allowed)
            if expression is not None:
                values[key.value] = expression
    chosen = fields.text("default")
    if chosen and names and chosen not in names:
        document.problem(fields.at("default"), f"`{chosen}` is not an objective", did_you_mean(chosen, names))
    levers = read_levers(document, fields.elements("levers"), action_keys)
    return Objectives(values=values, names=tuple(names), chosen=chosen, levers=levers)
