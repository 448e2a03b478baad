"""At which number does one call a person? At the first mobile line, the work line, or a number of another operator.

Reads lines and the numbers of other operators; returns positions: lines first, other operators' numbers after them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Days, Index, Ints
from hogar.twin.behaviour.leaving import last_sign
from hogar.twin.contracts.lines import Lines
from hogar.twin.contracts.offnet import MEMBER, Offnet
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Positions by person, -1 for who has none. `work` is a company's line where there is one, else the same.

    `taken` are the positions to which ported lines went: row k of `ported` went to `taken[k]`.
    """

    own: Ints
    work: Ints
    ported: Index
    taken: Index

    @classmethod
    def of(cls, population: Population, lines: Lines, offnet: Offnet) -> Numbers:
        """Living lines before ended ones, private ones before a company's, the first signed before the others."""
        count = population.persons
        rows = np.flatnonzero(lines.mobile & (lines.user >= 0))
        user, dead, firm = lines.user[rows], ~lines.living[rows], lines.company[rows] >= 0
        own = _first(count, user, rows, np.lexsort((rows, firm, ~lines.focus[rows], dead, user)))
        elsewhere = np.flatnonzero((offnet.kind == MEMBER) & (offnet.user >= 0) & np.isnat(offnet.left))
        free = elsewhere[own[offnet.user[elsewhere]] < 0]
        own[offnet.user[free]] = len(lines) + free
        at_work = rows[firm & ~dead]
        first = _first(count, lines.user[at_work], at_work, np.lexsort((at_work, lines.user[at_work])))
        ported, taken = _ported(own, lines, offnet)
        return cls(own=own, work=np.where(first >= 0, first, own), ported=ported, taken=taken)


def used_from_until(lines: Lines, offnet: Offnet, params: Params) -> tuple[Days, Days]:
    """The first and last day on which each position can have traffic."""
    far = np.datetime64(params.now.date(), "D") + 1
    first = np.where(np.isnat(offnet.left), np.datetime64("1970-01-01", "D"), offnet.left + 1)
    return (
        np.concatenate([lines.started, first]),
        np.concatenate([last_sign(lines, params), np.full(len(offnet), far)]),
    )


def _first(count: int, group: Ints, rows: Index, order: Index) -> Ints:
    ordered = group[order]
    heads = (
        np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        if len(ordered)
        else np.empty(0, dtype=np.int64)
    )
    found = np.full(count, -1, dtype=np.int32)
    found[ordered[heads]] = rows[order[heads]]
    return found


def _ported(own: Ints, lines: Lines, offnet: Offnet) -> tuple[Index, Index]:
    """Numbers that another operator took over, beside the line that they were here."""
    taken = np.flatnonzero((offnet.user >= 0) & ~np.isnat(offnet.left))
    line = own[offnet.user[taken]]
    same = (line >= 0) & (line < len(lines))
    same[same] = lines.ended[line[same]] == offnet.left[taken[same]]
    return line[same].astype(np.int64), (len(lines) + taken[same]).astype(np.int64)
