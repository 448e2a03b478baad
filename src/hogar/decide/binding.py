"""What does an action ask of this published profile? Conditions and expressions laid out over positions.

A scope's expressions read columns of a matrix (columns, subjects), then values of the request, which are the same
for all subjects. Conditions become `expr.Rules`, interest and value `expr.Numbers`. Before: `strategy`. After:
`stages.eligibility`, through `inputs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hogar import expr
from hogar.expr import Expression, Numbers, RuleColumn, Rules
from hogar.strategy.types import Action
from hogar.telco.catalogue import Entity, FeatureType
from hogar.telco.profile import ProfileSchema

CONDITIONS_MAX = 120
PASSES = expr.PASSES
ORDER: tuple[Entity, ...] = ("household", "person", "line")

OFFER_FACTS: dict[str, FeatureType] = {
    "owned": "boolean", "ordered": "boolean", "deliverable": "boolean",
    "monthly_eur": "number", "current_eur": "number", "cost_eur": "number",
    "saving_eur": "number", "extra_eur": "number",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Column:
    """Where a name's values come from: a row of an entity's values, or the request itself (`entity` None)."""

    column: RuleColumn
    entity: Entity | None = None
    row: int = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class ScopeBinding:
    """All that one scope's actions ask, laid out. `gathers` are the rows of each entity's values that make the matrix,
    `loose` the columns that the request gives; `reads` those that closures and frames read. `amounts` has the
    interests of all actions, then their values.
    """

    entity: Entity
    actions: npt.NDArray[np.int32]
    columns: tuple[RuleColumn, ...]
    gathers: tuple[tuple[Entity, npt.NDArray[np.intp]], ...]
    loose: tuple[RuleColumn, ...]
    rules: Rules
    amounts: Numbers
    reads: tuple[int, ...]


def bind_scope(
    entity: Entity, actions: Sequence[tuple[int, Action]], columns_of: Mapping[str, Column]
) -> ScopeBinding:
    """Lay out the actions of one scope, given (index in the strategy, action) and every name's column."""
    rules = [[_renamed(c.expression, action) for c in action.conditions] for _, action in actions]
    amounts = [
        *(_renamed(action.interest, action) for _, action in actions),
        *(_renamed(action.value, action) for _, action in actions),
    ]
    names = sorted({name for each in (*amounts, *(c for rule in rules for c in rule)) for name in each.names})
    wanted = [columns_of[name] for name in names]
    of_entity = {
        source: sorted((c for c in wanted if c.entity == source), key=lambda column: column.row)
        for source in ORDER
    }
    loose = tuple(column.column for column in wanted if column.entity is None)
    columns = (*(column.column for source in ORDER for column in of_entity[source]), *loose)
    cut = len(columns) - len(loose)
    laid_out = Rules.of(rules, columns, cut=cut)
    numbers = Numbers.of(amounts, columns, cut=cut)
    return ScopeBinding(
        entity=entity,
        actions=np.array([index for index, _ in actions], dtype=np.int32),
        columns=columns,
        gathers=tuple(
            (source, np.array([column.row for column in found], dtype=np.intp))
            for source, found in of_entity.items()
            if found
        ),
        loose=loose,
        rules=laid_out,
        amounts=numbers,
        reads=tuple(sorted({*laid_out.reads, *numbers.reads})),
    )


def columns_by_name(
    schema: ProfileSchema,
    used: Mapping[Entity, Sequence[int]],
    slots: Mapping[Entity, Mapping[tuple[str, str], int]],
    loose: Mapping[str, FeatureType],
) -> dict[str, Column]:
    """Every name that an expression may have after renaming, and where its values come from."""
    found: dict[str, Column] = {}
    for entity in ORDER:
        published = schema.columns(entity)
        for row, position in enumerate(used[entity]):
            column = published[position]
            as_rule = RuleColumn(name=column.name, type=column.type, dictionary=column.dictionary)
            found[column.name] = Column(column=as_rule, entity=entity, row=row)
        for (offer, fact), slot in slots[entity].items():
            as_rule = RuleColumn(name=offer_column(entity, offer, fact), type=OFFER_FACTS[fact])
            found[as_rule.name] = Column(column=as_rule, entity=entity, row=len(used[entity]) + slot)
    for name, type in loose.items():
        found[name] = Column(column=RuleColumn(name=name, type=type))
    return found


def offer_column(entity: Entity, offer: str, fact: str) -> str:
    """The column of one fact about one offer, as seen from one entity."""
    return f"{entity}.offer[{offer}].{fact}"


def offer_names(expression: Expression, action: Action) -> dict[str, tuple[Entity, str, str]]:
    """The names in an expression that are facts about offers: name -> (entity, offer, fact)."""
    found: dict[str, tuple[Entity, str, str]] = {}
    for name in expression.names:
        namespace, _, member = name.partition(".")
        if namespace == "action" and action.offering is not None and member in OFFER_FACTS:
            found[name] = (action.scope, action.offering, member)
        elif member.startswith("has_offer(") and namespace in ("household", "person", "line"):
            entity: Entity = (
                "household" if namespace == "household" else "person" if namespace == "person" else "line"
            )
            found[name] = (entity, member[len("has_offer('") : -len("')")].replace("''", "'"), "owned")
    return found


def _renamed(expression: Expression, action: Action) -> Expression:
    renames: dict[str, str | Expression] = {
        name: offer_column(*fact) for name, fact in offer_names(expression, action).items()
    }
    return expr.substitute(expression, renames) if renames else expression
