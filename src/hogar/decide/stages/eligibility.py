"""What may be proposed to whom? Every condition of every action, for every subject; the first that fails counts.

Reads the conditions laid out by `binding`; returns a code where one fails or is unknown, and lists what is
left. Before: arms. After: routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.binding import PASSES
from hogar.decide.candidates import Candidates, Codes, Index
from hogar.decide.inputs import subjects_of
from hogar.telco.catalogue import ENTITIES, Entity

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation


def eligibility(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Ask the conditions of what is still on the table, then list the candidates that are left."""
    request = candidates.asked
    codes = dict(candidates.codes)
    inputs = {}
    for entity, binding in kernel.scopes.items():
        asked = request.columns[entity]
        if not len(asked) or not len(codes[entity]):
            continue
        inputs[entity] = subjects_of(binding, situation)
        failing = request.rules[entity].codes(inputs[entity])
        codes[entity] = _coded(codes[entity], failing, request.bases[entity], asked)
    return _listed(replace(candidates, codes=codes, inputs=inputs), kernel, situation)


def _coded(codes: Codes, failing: npt.NDArray[np.uint8], base: Codes, asked: Index) -> Codes:
    """Codes of the strategy where something fails; what was out before stays as it was."""
    fresh = failing + base
    fresh *= failing != PASSES
    before = codes if len(asked) == codes.shape[1] else codes[:, asked]
    if np.count_nonzero(before):
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
            subject, column = _nonzero(candidates.codes[entity] == 0)
            if len(subject):
                if len(situation.household_ids) == 1:
                    household = np.zeros(len(subject), dtype=np.intp)
                else:
                    household = situation.household_of(entity)[subject].astype(np.intp)
                found.append((number, household, subject, column))
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


def _nonzero(table: npt.NDArray[np.bool_]) -> tuple[Index, Index]:
    """Rows and columns of what is true; quicker than NumPy's own for tables."""
    flat = table.ravel().nonzero()[0]
    row = flat // table.shape[1]
    return row, flat - row * table.shape[1]
