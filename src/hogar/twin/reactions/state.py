"""What has become of them since the extract? Lines, fatigue, annoyance, what homes took and refused, by number.

A value of arrays that `answers` and `month` change in place; `copy` makes a second market of the same state.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Floats, Index, Ints, count_of
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.offers import FAMILIES

AGREED = (
    "person",
    "line",
    "offer",
    "decider",
    "later",
)  # columns of `agreed`; `later`: 1 where the home still talks


@dataclass(slots=True, kw_only=True)
class State:
    """All that changes. `month` counts from the extract's; moments are seconds since 1970."""

    month: int
    # a person
    pressure: Floats  # messages of late, fading
    heard_at: Index
    annoyance: Floats
    opted_out: Flags
    contacts: Ints  # this month
    heard: Floats  # [person, family], fading
    buzz: Floats  # [person, family], of adopters among kin and friends
    took: Flags  # [person, family], this month
    # a home
    talked: Ints  # proposals passed on this month
    home_took: Flags  # [home, family], this month
    refusals: Floats  # [home, family], fading
    extra: Ints  # [home, family]: place of an offer bought since, -1
    # a line
    living: Flags
    offer: Ints
    fee: Floats
    allowed: Floats
    gb: Floats
    pool: Ints
    bound_until: Ints
    device_months: Floats
    woken: Floats
    discount: Floats
    add_on_cents: Floats  # margin a month of device plans and insurance
    # agreed this month, one row a proposal, columns by AGREED
    agreed: Index
    cost_cents: float  # of this month's contacts
    sent: int
    opt_outs: int

    @staticmethod
    def of(crowd: Crowd) -> State:
        """The state at the extract: nobody has heard anything."""
        persons, homes, lines, families = crowd.persons, len(crowd.kind), len(crowd.user), len(FAMILIES)
        return State(
            month=0,
            pressure=np.zeros(persons), heard_at=np.zeros(persons, dtype=np.int64), annoyance=np.zeros(persons),
            opted_out=np.zeros(persons, dtype=bool), contacts=np.zeros(persons, dtype=np.int32),
            heard=np.zeros((persons, families)), buzz=np.zeros((persons, families)),
            took=np.zeros((persons, families), dtype=bool), talked=np.zeros(homes, dtype=np.int32),
            home_took=np.zeros((homes, families), dtype=bool), refusals=np.zeros((homes, families)),
            extra=np.full((homes, families), -1, dtype=np.int32), living=crowd.living.copy(),
            offer=crowd.offer.copy(), fee=crowd.fee.copy(), allowed=crowd.allowed.copy(), gb=crowd.gb.copy(),
            pool=crowd.pool.copy(), bound_until=crowd.bound_until.copy(),
            device_months=crowd.device_months.copy(), woken=np.zeros(lines), discount=np.zeros(lines),
            add_on_cents=np.zeros(lines), agreed=np.empty((0, len(AGREED)), dtype=np.int64), cost_cents=0.0, sent=0,
            opt_outs=0,
        )  # fmt: skip

    def copy(self) -> State:
        """The same state, to go another way from here."""
        arrays = {name: value.copy() for name, value in self.columns().items()}
        return replace(self, **arrays)  # type: ignore[arg-type]

    def columns(self) -> dict[str, NDArray[Any]]:
        """The arrays by name (the four numbers are none)."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if isinstance(value, np.ndarray)}


def own_line(crowd: Crowd, state: State) -> Ints:
    """The first living mobile line of each person, -1 for none."""
    lines = np.flatnonzero(state.living & (crowd.line_kind <= 1) & (crowd.user >= 0))[::-1]
    found = np.full(crowd.persons, -1, dtype=np.int32)
    found[crowd.user[lines]] = lines
    return found


def lines_of_home(crowd: Crowd, living: Flags, where: Flags) -> Index:
    """How many living lines (of those `where`) each home has."""
    return count_of(crowd.line_home, len(crowd.kind), living & where)
