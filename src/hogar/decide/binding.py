"""What does a condition mean over this published profile? Conditions and expressions laid out over positions.

A scope's conditions read columns of a matrix (columns, subjects). A condition on one column only is folded into
a *step table*: its truth is constant between the constants it names, so each such cell of a column has a row
that says, for every action, the first condition that fails there. Deciding is then a look-up and a minimum.
Every other condition, and every interest and value, keeps two forms: a closure for a few subjects, a Polars
expression for many; property tests in `expr` hold the two equal. Before: `strategy`. After: `stages.eligibility`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from hogar import expr
from hogar.expr import Expression
from hogar.strategy.types import Action
from hogar.telco.catalogue import Entity, FeatureType
from hogar.telco.profile import ProfileSchema

CONDITIONS_MAX = 120
DICTIONARY_MAX = 4096  # a text column with more values is not folded into the step table
PASSES = 255

OFFER_FACTS: dict[str, FeatureType] = {
    "owned": "boolean", "ordered": "boolean", "deliverable": "boolean",
    "monthly_eur": "number", "current_eur": "number", "cost_eur": "number",
    "saving_eur": "number", "extra_eur": "number",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Column:
    """Where a name's values come from: a row of an entity's values, or the request itself (`entity` None)."""

    name: str
    type: FeatureType
    entity: Entity | None
    row: int
    dictionary: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Bound:
    """An expression over a scope's columns, for one (`row`) and for many (`frame`). Constants have no names."""

    row: Callable[[Sequence[Any]], Any]
    frame: pl.Expr
    is_constant: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Rest:
    """A condition that reads several columns: action's column in the scope, position, and the bound expression."""

    column: int
    position: int
    bound: Bound


@dataclass(frozen=True, kw_only=True, eq=False)
class ScopeBinding:
    """All that one scope's actions ask, laid out. `read` are the columns that closures and frames read,
    `decoded` (position, column) of those that are no numbers."""

    entity: Entity
    actions: npt.NDArray[np.int32]
    columns: tuple[Column, ...]
    gathers: tuple[tuple[Entity, npt.NDArray[np.intp]], ...]
    read: npt.NDArray[np.intp]
    decoded: tuple[tuple[int, int], ...]
    loose: tuple[Column, ...]
    step_columns: npt.NDArray[np.intp]
    step_order: npt.NDArray[np.float64]
    first_cells: npt.NDArray[np.intp]
    step_keys: npt.NDArray[np.complex128]
    null_cells: npt.NDArray[np.intp]
    table: npt.NDArray[np.uint8]
    rest: tuple[Rest, ...]
    interest_rows: tuple[Callable[[Sequence[Any]], Any], ...]
    value_rows: tuple[Callable[[Sequence[Any]], Any], ...]
    interest: tuple[Bound, ...]
    value: tuple[Bound, ...]


def bind_scope(
    entity: Entity, actions: Sequence[tuple[int, Action]], columns_of: Mapping[str, Column]
) -> ScopeBinding:
    """Lay out the actions of one scope, given (index in the strategy, action) and every name's column."""
    conditions = [
        (number, position, _renamed(condition.expression, action))
        for number, (_, action) in enumerate(actions)
        for position, condition in enumerate(action.conditions)
    ]
    interests = [_renamed(action.interest, action) for _, action in actions]
    values = [_renamed(action.value, action) for _, action in actions]
    names = sorted(
        {
            name
            for expression in [*(c[2] for c in conditions), *interests, *values]
            for name in expression.names
        }
    )
    wanted = [columns_of[name] for name in names]
    loose = tuple(column for column in wanted if column.entity is None)
    order: tuple[Entity, ...] = ("household", "person", "line")
    columns = tuple(
        sorted(
            (c for c in wanted if c.entity is not None),
            key=lambda c: (order.index(c.entity or "line"), c.row),
        )
    )
    place = {column.name: number for number, column in enumerate(columns)}

    steps: dict[str, list[tuple[int, int, Expression]]] = {}
    rest: list[tuple[int, int, Expression]] = []
    for number, position, expression in conditions:
        name = _single_step_name(expression, columns_of)
        if name is None:
            rest.append((number, position, expression))
        else:
            steps.setdefault(name, []).append((number, position, expression))

    read_names = {n for e in [*(r[2] for r in rest), *interests, *values] for n in e.names if n in place}
    read = tuple(sorted(place[name] for name in read_names))
    layout = {columns[number].name: position for position, number in enumerate(read)}
    layout |= {column.name: len(read) + position for position, column in enumerate(loose)}
    step_columns, keys, null_cells, table = _step_table(steps, columns_of, place, len(actions))
    interest = tuple(_bound(expression, layout) for expression in interests)
    value = tuple(_bound(expression, layout) for expression in values)
    return ScopeBinding(
        entity=entity,
        actions=np.array([index for index, _ in actions], dtype=np.int32),
        columns=columns,
        gathers=tuple(
            (source, np.array([c.row for c in columns if c.entity == source], dtype=np.intp))
            for source in order
            if any(c.entity == source for c in columns)
        ),
        read=np.array(read, dtype=np.intp),
        decoded=tuple((n, c) for n, c in enumerate(read) if columns[c].type != "number"),
        loose=loose,
        step_columns=step_columns,
        step_order=np.arange(len(step_columns), dtype=np.float64)[:, None],
        first_cells=2 * np.arange(len(step_columns), dtype=np.intp)[:, None],
        step_keys=keys,
        null_cells=null_cells[:, None],
        table=table,
        rest=tuple(Rest(column=n, position=p, bound=_bound(e, layout)) for n, p, e in rest),
        interest_rows=tuple(bound.row for bound in interest),
        value_rows=tuple(bound.row for bound in value),
        interest=interest,
        value=value,
    )


def columns_by_name(
    schema: ProfileSchema,
    used: Mapping[Entity, Sequence[int]],
    slots: Mapping[Entity, Mapping[tuple[str, str], int]],
    loose: Mapping[str, FeatureType],
) -> dict[str, Column]:
    """Every name that an expression may have after renaming, and where its values come from."""
    found: dict[str, Column] = {}
    entities: tuple[Entity, ...] = ("household", "person", "line")
    for entity in entities:
        published = schema.columns(entity)
        for row, position in enumerate(used[entity]):
            column = published[position]
            found[column.name] = Column(
                name=column.name, type=column.type, entity=entity, row=row, dictionary=column.dictionary
            )
        for (offer, fact), slot in slots[entity].items():
            name = offer_column(entity, offer, fact)
            found[name] = Column(
                name=name, type=OFFER_FACTS[fact], entity=entity, row=len(used[entity]) + slot
            )
    for name, type in loose.items():
        found[name] = Column(name=name, type=type, entity=None, row=-1)
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


def _bound(expression: Expression, layout: Mapping[str, int]) -> Bound:
    return Bound(
        row=expr.row(expression, layout), frame=expr.frame(expression), is_constant=not expression.names
    )


def _single_step_name(expression: Expression, columns_of: Mapping[str, Column]) -> str | None:
    steps = expr.step_points(expression)
    if steps is None:
        return None
    column = columns_of[steps.name]
    if column.entity is None or len(column.dictionary) > DICTIONARY_MAX:
        return None
    return steps.name


def _step_table(
    steps: Mapping[str, list[tuple[int, int, Expression]]],
    columns_of: Mapping[str, Column],
    place: Mapping[str, int],
    actions: int,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.complex128], npt.NDArray[np.intp], npt.NDArray[np.uint8]]:
    """The cells of every folded column, in order: before, at and between its constants, then unknown.

    Keys are (column, constant) pairs as complex numbers, which NumPy orders by the real part first: one
    `searchsorted` finds the cells of all columns of all subjects.
    """
    names = sorted(steps, key=lambda name: place[name])
    keys: list[complex] = []
    null_cells: list[int] = []
    rows: list[npt.NDArray[np.uint8]] = []
    for number, name in enumerate(names):
        column = columns_of[name]
        points = _points(column, steps[name])
        keys += [complex(number, point) for point in points]
        cells = [*_cells(column, points), None]
        block = np.full((len(cells), actions), PASSES, dtype=np.uint8)
        for action, position, expression in steps[name]:
            test = expr.row(expression, {name: 0})
            for cell, value in enumerate(cells):
                truth = test((value,))
                if truth is not True:
                    block[cell, action] = min(block[cell, action], 2 * position + (truth is None))
        rows.append(block)
        null_cells.append(sum(len(block) for block in rows) - 1)
    table = np.concatenate(rows) if rows else np.full((0, actions), PASSES, dtype=np.uint8)
    return (
        np.array([place[name] for name in names], dtype=np.intp),
        np.array([*keys, complex(np.inf, np.inf)], dtype=np.complex128),  # the last is after everything
        np.array(null_cells, dtype=np.intp),
        table,
    )


def _points(column: Column, conditions: Sequence[tuple[int, int, Expression]]) -> list[float]:
    if column.type == "text":
        return [float(code) for code in range(len(column.dictionary))]
    if column.type == "boolean":
        return [0.0, 1.0]
    points: set[float] = set()
    for _, _, expression in conditions:
        found = expr.step_points(expression)
        assert found is not None
        points.update(found.points)
    return sorted(points)


def _cells(column: Column, points: Sequence[float]) -> list[Any]:
    """One value for each cell: below, at the first point, between, at the second, ..., above."""
    if column.type == "text":  # only the points themselves can occur; the cells between repeat them
        values: list[Any] = [value for text in column.dictionary for value in (text, text)]
        return [*values, column.dictionary[-1] if column.dictionary else None]
    if column.type == "boolean":
        return [False, False, False, True, True]
    if not points:
        return [0.0]
    cells: list[Any] = [np.nextafter(points[0], -np.inf).item()]
    for point, following in zip(points, [*points[1:], None], strict=True):
        cells.append(point)
        cells.append(np.nextafter(point, np.inf).item() if following is None else _between(point, following))
    if column.type == "date":  # days are whole: the cells between neighbouring days cannot occur
        return [*(int(np.floor(cell)) for cell in cells[:-1]), int(points[-1]) + 1]
    return cells


def _between(low: float, high: float) -> float:
    """A value strictly between two constants where float64 has one; else the lower (the cell cannot occur)."""
    middle = low / 2 + high / 2  # their difference may be too large for float64
    return middle if low < middle < high else low
