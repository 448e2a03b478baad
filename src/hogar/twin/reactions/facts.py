"""What do homes and lines hold in this month, and what does it cost them? Sums over living lines, made once a month.

Reads the crowd and the state; returns columns. Before: wishes, month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index, Ints
from hogar.twin.contracts.lines import BROADBAND, FIXED_VOICE, POSTPAID, PREPAID, TV
from hogar.twin.reactions import offers as catalogue
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.state import State, lines_of_home, own_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Money in cents a month."""

    # a person
    line: Ints
    customer: Flags  # has a living line, or one of the home has
    # a home
    bill: Floats
    mobiles: Index
    mobile_cost: Floats
    broadband: Flags
    fibre: Flags
    tv: Flags
    voice: Flags
    bundled: Flags
    products: Index
    # a line
    overage: Floats
    cost: Floats


def facts_of(crowd: Crowd, state: State) -> Facts:
    """The sums of this month."""
    living, homes = state.living, len(crowd.kind)
    pooled = state.pool >= 0
    over = np.maximum(state.gb - np.nan_to_num(state.allowed, nan=np.inf, posinf=np.inf), 0)
    overage = np.where(
        living & ~pooled & (crowd.line_kind == POSTPAID), over * catalogue.PER_GB[state.offer], 0.0
    )
    fee = state.fee * (1 - state.discount)
    cost = np.where(crowd.line_kind == PREPAID, crowd.top_up_cents, fee + overage) * living
    at_home = np.flatnonzero(crowd.line_home >= 0)
    home = crowd.line_home[at_home]

    def total(value: Floats) -> Floats:
        return np.asarray(np.bincount(home, value[at_home], homes), dtype=np.float64)

    extra_monthly = np.where(state.extra >= 0, catalogue.MONTHLY[np.maximum(state.extra, 0)], 0.0).sum(axis=1)
    mobile = living & (crowd.line_kind <= PREPAID) & (crowd.company < 0)
    family = catalogue.FAMILY[state.offer]
    held = {
        kind: lines_of_home(crowd, living, crowd.line_kind == kind) > 0
        for kind in (BROADBAND, TV, FIXED_VOICE)
    }
    bundle_place = np.maximum(state.extra[:, catalogue.F_BUNDLE], 0)
    has_bundle = state.extra[:, catalogue.F_BUNDLE] >= 0
    home_plan = has_bundle & catalogue.FIBRE[bundle_place]
    new_broadband = state.extra[:, catalogue.F_BROADBAND] >= 0
    fibre = total((living & catalogue.FIBRE[state.offer]).astype(np.float64)) > 0
    television = total((living & catalogue.TELEVISION[state.offer]).astype(np.float64)) > 0
    customer_home = lines_of_home(crowd, living, np.ones(len(living), dtype=bool))
    return Facts(
        line=own_line(crowd, state),
        customer=customer_home[crowd.home] > 0,
        bill=total(cost) + extra_monthly,
        mobiles=lines_of_home(crowd, living, mobile),
        mobile_cost=total(np.where(mobile, cost, 0.0)),
        broadband=held[BROADBAND] | new_broadband | home_plan,
        fibre=fibre | home_plan | new_broadband,
        tv=held[TV] | television | (state.extra[:, catalogue.F_TV] >= 0) | home_plan,
        voice=held[FIXED_VOICE] | (state.extra[:, catalogue.F_VOICE] >= 0),
        bundled=has_bundle | (lines_of_home(crowd, living, family == catalogue.F_BUNDLE) > 0),
        products=customer_home + (state.extra >= 0).sum(axis=1),
        overage=overage,
        cost=cost,
    )
