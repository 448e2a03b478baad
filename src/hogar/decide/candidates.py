"""What is on the table? Candidates (action x subject) and routes (recipient x channel) as a struct of arrays.

`codes[scope]` has a reason code for every action of the scope and every subject: 0 while it is still on the
table. From `eligibility` on, those still there are listed: one entry a candidate, households lying together.
From `routes` on, groups of candidates have rows (one a recipient) with a column a channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt

from hogar.telco.catalogue import Entity

if TYPE_CHECKING:
    from hogar.decide.asked import Asked
    from hogar.expr import Subjects

MICRO = 1_000_000

Codes = npt.NDArray[np.uint16]
Index = npt.NDArray[np.intp]

_NO_INDEX: Index = np.zeros(0, np.intp)
_NO_CODES: Codes = np.zeros(0, np.uint16)
_NO_MICRO: npt.NDArray[np.int32] = np.zeros(0, np.int32)
_NO_CENTS: npt.NDArray[np.int64] = np.zeros(0, np.int64)
_NO_CHAIN: npt.NDArray[np.float64] = np.zeros(0, np.float64)
_NO_ROUTES: npt.NDArray[np.bool_] = np.zeros((0, 0), np.bool_)
_NO_CHOICE: npt.NDArray[np.int64] = np.zeros((0, 5), np.int64)


class Candidates(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """See the module. `scope` is a position in `ENTITIES`; `column` the action's place among its scope's actions;
    `parts` the candidates of each scope that has any; `asked` what the request asks of the kernel.

    Candidates of one `group` share their routes; `group_action` is the action of one of them. A row is one recipient
    of one group: `route_group`, `route_person`, `chain`; `route_open` has shape (channels asked for, rows).
    `probability_micro` (channels, candidates) is that of the most probable open recipient, `worth` (thousandths of a
    cent) what a yes weighs, and `score` (micro-cents) the best that a candidate can come to. `chosen` lists the picks
    by household, the best first: candidate, row, channel position, probability, score.
    """

    asked: Asked
    codes: Mapping[Entity, Codes] = {}
    control: npt.NDArray[np.bool_] = _NO_ROUTES
    inputs: Mapping[Entity, Subjects] = {}
    household: Index = _NO_INDEX
    scope: Index = _NO_INDEX
    subject: Index = _NO_INDEX
    column: Index = _NO_INDEX
    action: Index = _NO_INDEX
    parts: tuple[tuple[Entity, Index | slice], ...] = ()
    code: Codes = _NO_CODES
    interest_micro: npt.NDArray[np.int32] = _NO_MICRO
    value_eur: npt.NDArray[np.float64] = _NO_CHAIN
    value_cents: npt.NDArray[np.int64] = _NO_CENTS
    group: Index = _NO_INDEX
    group_action: Index = _NO_INDEX
    route_group: Index = _NO_INDEX
    route_person: Index = _NO_INDEX
    route_open: npt.NDArray[np.bool_] = _NO_ROUTES
    chain: npt.NDArray[np.float64] = _NO_CHAIN
    probability_micro: npt.NDArray[np.int64] = _NO_CENTS
    worth: npt.NDArray[np.int64] = _NO_CENTS
    score: npt.NDArray[np.int64] = _NO_CENTS
    chosen: npt.NDArray[np.int64] = _NO_CHOICE

    def without(self, gone: npt.NDArray[np.bool_], code: int) -> Candidates:
        """The candidates with some of them fallen for a reason."""
        if not np.count_nonzero(gone):
            return self
        codes = self.code.copy()
        codes[gone & (codes == 0)] = code
        return msgspec.structs.replace(self, code=codes)


def firsts(ordered: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where a run of equal values begins."""
    first = np.empty(len(ordered), dtype=np.bool_)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first
