"""What changes when an offer is taken? Plans, pools, products, phones and commitments of lines and homes.

Reads rows as in `State.agreed`; changes the state and returns the margin (cents) of what is paid once. Before: leaving.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Index, rank_in_group
from hogar.twin.contracts.lines import BROADBAND, POSTPAID
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.reactions import offers as catalogue
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.state import State

PLAN_MONTHS, PHONE_MONTHS = 12, 24


def activate(crowd: Crowd, state: State, agreed: NDArray[np.int64], params: Reactions) -> float:
    """Makes contracts of what was agreed."""
    person, line, offer = agreed[:, 0], agreed[:, 1], agreed[:, 2]
    family, home = catalogue.FAMILY[offer], crowd.home[person]

    def rows(number: int, with_line: bool = True) -> Index:
        return np.flatnonzero((family == number) & ((line >= 0) | (not with_line)))

    at = rows(catalogue.F_MOBILE)
    _switch(state, line[at], offer[at])
    at = np.flatnonzero((family == catalogue.F_MOBILE) & (line < 0))
    state.extra[home[at], catalogue.F_MOBILE] = offer[at]
    at = rows(catalogue.F_BUNDLE, with_line=False)
    _bundle(crowd, state, home[at], offer[at])
    at = rows(catalogue.F_BROADBAND, with_line=False)
    _broadband(crowd, state, home[at], offer[at])
    for number in (catalogue.F_TV, catalogue.F_VOICE):
        at = rows(number, with_line=False)
        state.extra[home[at], number] = offer[at]
    at = rows(catalogue.F_DEVICE)
    state.device_months[line[at]] = 0
    state.add_on_cents[line[at]] += catalogue.MARGIN[offer[at]]
    state.bound_until[line[at]] = state.month + PHONE_MONTHS
    at = rows(catalogue.F_ADD_ON)
    state.add_on_cents[line[at]] += catalogue.MARGIN[offer[at]]
    at = rows(catalogue.F_RETENTION)
    state.discount[line[at]] = params.discount
    state.bound_until[line[at]] = state.month + PLAN_MONTHS
    return float(catalogue.MARGIN[offer[rows(catalogue.F_ROAMING, with_line=False)]].sum())


def _switch(state: State, line: NDArray[np.int64], offer: NDArray[np.int64]) -> None:
    """Another plan for these lines."""
    state.offer[line], state.fee[line] = offer, catalogue.MONTHLY[offer]
    state.allowed[line], state.pool[line] = catalogue.GB[offer], -1
    state.discount[line], state.bound_until[line] = 0.0, state.month + PLAN_MONTHS
    state.woken[line] = 0.0


def _bundle(
    crowd: Crowd, state: State, home: NDArray[np.integer[Any]], offer: NDArray[np.integer[Any]]
) -> None:
    """A plan for several lines: the home's first mobile lines, and its broadband where the plan has some."""
    taken = np.full(len(crowd.kind), -1)
    taken[home] = offer
    plan = np.where(crowd.line_home >= 0, taken[crowd.line_home], -1)
    private = state.living & (crowd.company < 0) & (plan >= 0)
    mobile = np.flatnonzero(private & (crowd.line_kind == POSTPAID))
    place = rank_in_group(crowd.line_home[mobile], mobile)
    inside = mobile[place < catalogue.LINES[plan[mobile]]]
    bearer = np.full(len(crowd.kind), -1)
    first = inside[rank_in_group(crowd.line_home[inside], inside) == 0]
    bearer[crowd.line_home[first]] = first
    fixed = np.flatnonzero(private & (crowd.line_kind == BROADBAND) & catalogue.FIBRE[np.maximum(plan, 0)])
    covered = np.r_[inside, fixed[bearer[crowd.line_home[fixed]] >= 0]]
    state.pool[covered], state.fee[covered] = bearer[crowd.line_home[covered]], 0.0
    state.allowed[inside], state.bound_until[covered] = np.inf, state.month + PLAN_MONTHS
    state.offer[first], state.fee[first] = plan[first], catalogue.MONTHLY[plan[first]]
    without = home[bearer[home] < 0]
    state.extra[without, catalogue.F_BUNDLE] = taken[without]


def _broadband(
    crowd: Crowd, state: State, home: NDArray[np.integer[Any]], offer: NDArray[np.integer[Any]]
) -> None:
    """The home's broadband line moves to the offer; a home without one gets a line more."""
    lines = np.flatnonzero(state.living & (crowd.line_kind == BROADBAND) & (crowd.line_home >= 0))
    of_home = np.full(len(crowd.kind), -1)
    of_home[crowd.line_home[lines]] = lines
    line = of_home[home]
    has = line >= 0
    _switch(state, line[has], offer[has])
    state.extra[home[~has], catalogue.F_BROADBAND] = offer[~has]
