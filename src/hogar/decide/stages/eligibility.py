"""What may be proposed to whom? Every condition of every action, for every subject; the first that fails counts.

Reads the conditions laid out by `binding`; returns a code where one fails or is unknown, and lists what is
left. Before: arms. After: routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.binding import PASSES, Rest, ScopeBinding
from hogar.decide.candidates import Candidates, Codes, Index
from hogar.decide.inputs import Inputs
from hogar.telco.catalogue import ENTITIES, Entity

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation

_BLOCK = 2048  # subjects whose cells and codes stay in the processor's cache together

Failing = npt.NDArray[np.uint8]


def eligibility(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Ask the conditions of what is still on the table, then list the candidates that are left."""
    request = candidates.asked
    codes = dict(candidates.codes)
    inputs = {}
    for entity, binding in kernel.scopes.items():
        asked = request.columns[entity]
        if not len(asked) or not len(codes[entity]):
            continue
        inputs[entity] = Inputs(binding, situation)
        failing = _first_failing(binding, inputs[entity], request.tables[entity], asked)
        codes[entity] = _coded(codes[entity], failing, request.bases[entity], asked)
    return _listed(replace(candidates, codes=codes, inputs=inputs), kernel, situation)


def _first_failing(binding: ScopeBinding, inputs: Inputs, table: Failing, asked: Index) -> Failing:
    """For each subject and asked action twice the position of the first failing condition, plus 1 if unknown."""
    cells = _cells(binding, inputs)
    if inputs.by_row and len(cells):
        failing: Failing = np.minimum.reduce(table.take(cells, axis=0), axis=0)
    else:
        failing = np.full((inputs.subjects, len(asked)), PASSES, dtype=np.uint8)
        for start in range(0, inputs.subjects, _BLOCK):
            part = failing[start : start + _BLOCK]
            for row in cells[:, start : start + _BLOCK]:
                np.minimum(part, table.take(row, axis=0), out=part)
    if binding.rest:
        place = {column: number for number, column in enumerate(asked.tolist())}
        rest = [(place[r.column], r) for r in binding.rest if r.column in place]
        (_rest_by_row if inputs.by_row else _rest_by_frame)(failing, rest, inputs)
    return failing


def _cells(binding: ScopeBinding, inputs: Inputs) -> npt.NDArray[np.intp]:
    """The step table's row for each folded column and subject: shape (folded columns, subjects)."""
    values = inputs.matrix[binding.step_columns]
    keys = binding.step_keys
    queries = np.empty(values.shape, dtype=np.complex128)
    queries.real = binding.step_order
    queries.imag = values
    if inputs.by_row:
        found = np.searchsorted(keys, queries)
    else:  # column by column: the same answer, without a comparison of pairs
        edges = np.searchsorted(keys.real, np.arange(len(values) + 1))
        found = np.empty(values.shape, dtype=np.intp)
        for number in range(len(values)):
            low, high = edges[number], edges[number + 1]
            found[number] = low + np.searchsorted(keys.imag[low:high], values[number])
    at = keys.take(found, mode="clip") == queries
    cells = 2 * found + at + binding.first_cells
    return np.where(values != values, binding.null_cells, cells)


def _rest_by_row(failing: Failing, rest: list[tuple[int, Rest]], inputs: Inputs) -> None:
    rows = inputs.rows
    for subject, row in enumerate(rows):
        known = failing[subject].tolist()
        for column, condition in rest:
            code = 2 * condition.position
            if code < known[column]:
                truth = condition.bound.row(row)
                if truth is not True:
                    known[column] = code + (truth is None)
        failing[subject] = known


def _rest_by_frame(failing: Failing, rest: list[tuple[int, Rest]], inputs: Inputs) -> None:
    truths = inputs.truths([condition.bound for _, condition in rest])
    for (column, condition), truth in zip(rest, truths, strict=True):
        code = np.where(truth == 1, PASSES, 2 * condition.position + (truth == -1)).astype(np.uint8)
        np.minimum(failing[:, column], code, out=failing[:, column])


def _coded(codes: Codes, failing: Failing, base: Codes, asked: Index) -> Codes:
    """Codes of the strategy where something fails; what was out before stays as it was."""
    fresh = failing + base
    fresh[failing == PASSES] = 0
    before = codes if len(asked) == codes.shape[1] else codes[:, asked]
    if before.any():
        fresh = np.where(before == 0, fresh, before)
    if before is codes:
        return fresh
    updated = codes.copy()
    updated[:, asked] = fresh
    return updated


def _listed(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Everything still on the table as a list, households together."""
    found: list[tuple[int, Index, Index, Index]] = []
    for number, entity in enumerate(ENTITIES):
        if entity in candidates.inputs:
            subject, column = (candidates.codes[entity] == 0).nonzero()
            if len(subject):
                found.append(
                    (number, situation.household_of(entity)[subject].astype(np.intp), subject, column)
                )
    if not found:
        return candidates
    if len(found) == 1:
        number, household, subject, column = found[0]
        scope = np.full(len(subject), number, dtype=np.intp)
        parts: tuple[tuple[Entity, Index | slice], ...] = ((ENTITIES[number], slice(None)),)
        action = kernel.action_of[number].take(column)
    else:
        scope = np.concatenate([np.full(len(part[1]), part[0], dtype=np.intp) for part in found])
        household, subject, column = (np.concatenate([part[n] for part in found]) for n in (1, 2, 3))
        order = np.argsort(household, kind="stable")
        scope, household, subject, column = scope[order], household[order], subject[order], column[order]
        action = kernel.action_of[scope, column]
        parts = tuple((ENTITIES[part[0]], np.flatnonzero(scope == part[0])) for part in found)
    return replace(
        candidates, household=household, scope=scope, subject=subject, column=column, parts=parts,
        action=action, code=np.zeros(len(scope), dtype=np.uint16),
    )  # fmt: skip
