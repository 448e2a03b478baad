"""What became of the month? Agreed offers become contracts, some buy unasked, some leave; what was it worth?

Reads the crowd and the state, which becomes the next month's; returns who took what, who left, and the totals. The
luck of (person or line, month) is the same whoever was contacted. After: answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Ints, count_of
from hogar.twin.chance import uniform
from hogar.twin.contracts.lines import PREPAID
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.reactions import offers as catalogue
from hogar.twin.reactions.activate import activate
from hogar.twin.reactions.crowd import NEVER_BOUND, Crowd
from hogar.twin.reactions.facts import Facts, facts_of
from hogar.twin.reactions.state import AGREED, State
from hogar.twin.reactions.wishes import interested, wish

PERSONAL = (
    ("MOB-S", "MOB-M", "MOB-L", "MOB-U"),
    ("ROAM-2GB-7", "ROAM-2GB-14"),
    ("DEV-PHONE-A", "DEV-PHONE-B"),
)
SHARED = (("FIB-300", "FIB-1000"), ("TV-BASIC",), ("FIXED",), ("FAM-3", "FAM-4", "HOGAR-2", "HOGAR-4"))
TOP_UP_MARGIN, OVERAGE_MARGIN = 0.35, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """A month in figures. Money in cents; lines and homes are those that live at its end."""

    month: int
    contacts: int
    adoptions: int
    organic: int
    opt_outs: int
    complaints: int
    lines: int
    homes: int
    lines_left: int
    homes_left: int
    margin_cents: int
    cost_cents: int

    @property
    def value_cents(self) -> int:
        """Margin less what contacts and complaints cost."""
        return self.margin_cents - self.cost_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Who took what (rows), which lines and homes left, who complained (numbers), and the totals."""

    person: Ints
    line: Ints
    offer: Ints
    by: Ints
    organic: Flags
    lines_left: Ints
    homes_left: Ints
    complained: Ints
    totals: Totals


def close(crowd: Crowd, state: State, params: Reactions, seed: int) -> Month:
    """Ends the month: `state` is the next one's afterwards."""
    facts = facts_of(crowd, state)
    unasked = _organic(crowd, state, facts, params, seed)
    agreed = np.vstack([state.agreed, unasked])
    organic = np.arange(len(agreed)) >= len(state.agreed)
    once_cents = activate(crowd, state, agreed, params)
    _tell(crowd, state, agreed)
    homes_before = _homes(crowd, state)
    left = _leave(crowd, state, facts_of(crowd, state), params, seed)
    complained = np.flatnonzero(
        uniform(seed, "complain", np.arange(crowd.persons), state.month)
        < params.complaint * np.minimum(state.annoyance, 5.0) * crowd.adult * facts.customer
    ).astype(np.int32)
    homes_left = np.flatnonzero(homes_before & ~_homes(crowd, state)).astype(np.int32)
    totals = Totals(
        month=state.month, contacts=state.sent, adoptions=len(agreed), organic=int(organic.sum()),
        opt_outs=state.opt_outs, complaints=len(complained), lines=int(state.living.sum()),
        homes=int(_homes(crowd, state).sum()), lines_left=len(left), homes_left=len(homes_left),
        margin_cents=round(once_cents + _margin(crowd, state)),
        cost_cents=round(state.cost_cents + params.complaint_cents * len(complained)),
    )  # fmt: skip
    columns = {name: agreed[:, place].astype(np.int32) for place, name in enumerate(AGREED)}
    _turn(state, params)
    return Month(
        person=columns["person"], line=columns["line"], offer=columns["offer"], by=columns["decider"],
        organic=organic, lines_left=left, homes_left=homes_left, complained=complained, totals=totals,
    )  # fmt: skip


def _organic(crowd: Crowd, state: State, facts: Facts, params: Reactions, seed: int) -> NDArray[np.int64]:
    """What people buy without having been asked, the best offer of each family; rows as in `State.agreed`."""
    users = np.flatnonzero(facts.line >= 0)
    heads = np.where(crowd.persuader >= 0, crowd.persuader, crowd.first)
    rows = []
    for groups, people in ((PERSONAL, users), (SHARED, heads)):
        for ids in groups:
            places = [catalogue.place_of(one) for one in ids]
            no_price = np.full(len(people), np.nan)
            keen = np.column_stack([
                wish(
                    crowd, state, facts, people, facts.line[people], np.full(len(people), place), no_price, params
                ).keenness
                for place in places
            ])  # fmt: skip
            best = keen.argmax(axis=1)
            family = catalogue.FAMILY[places[0]]
            refused = np.minimum(state.refusals[crowd.home[people], family], 2.0)
            score = keen[np.arange(len(people)), best] + params.organic + params.refused * refused
            draws = uniform(seed, "organic", people, int(family), state.month)
            took = np.flatnonzero(draws < interested(score))
            person = people[took]
            columns = (person, facts.line[person], np.array(places)[best[took]], person, np.zeros(len(took)))
            rows.append(np.column_stack(columns).astype(np.int64))
    return np.vstack(rows)


def _tell(crowd: Crowd, state: State, agreed: NDArray[np.int64]) -> None:
    """Kin and friends of who took something hear of it."""
    state.buzz *= 0.5
    took = np.zeros(state.buzz.shape, dtype=bool)
    took[agreed[:, 0], catalogue.FAMILY[agreed[:, 2]]] = True
    for family in range(state.buzz.shape[-1]):
        for one, other in ((crowd.one, crowd.other), (crowd.other, crowd.one)):
            state.buzz[:, family] += np.bincount(other, crowd.closeness * took[one, family], crowd.persons)


def _leave(crowd: Crowd, state: State, facts: Facts, params: Reactions, seed: int) -> Ints:
    """Lines that end, each with its own luck of the month; a pool whose bearer left gets another."""
    numbers = np.flatnonzero(state.living)
    home, user = np.maximum(crowd.line_home[numbers], 0), np.maximum(crowd.user[numbers], 0)
    private = (crowd.company[numbers] < 0) & (crowd.user[numbers] >= 0) & (crowd.line_home[numbers] >= 0)
    at_home = np.bincount(crowd.home, state.annoyance, len(crowd.kind)) / np.maximum(crowd.size, 1)
    annoyed = (state.annoyance[user] + params.annoyance_home * at_home[home]) * private
    until = state.bound_until[numbers] - state.month
    over = (state.bound_until[numbers] != NEVER_BOUND) & (until < 0) & (until >= -3)
    rival = 2 * uniform(seed, "rival", np.full(1, state.month)) - 1  # how loudly the others advertise
    old_phone = np.clip(state.device_months[numbers] - 24, 0, 36)
    score = (
        params.leave
        + params.leave_annoyance * np.minimum(annoyed, 4.0)
        + params.leave_overage * np.minimum(facts.overage[numbers] / 500, 3.0)
        + params.leave_bound * (until >= 0)
        + params.leave_products * np.minimum(facts.products[home] - 1, 4) * private
        + params.wakes * state.woken[numbers]
        + 0.6 * over
        + 0.012 * old_phone
        + 0.3 * rival * crowd.price[home] * private
        + 0.4 * (crowd.line_kind[numbers] == PREPAID)
        + 0.5 * crowd.unseen[numbers]
        - 1.2 * state.discount[numbers] * (state.discount[numbers] > 0)
    )
    left = numbers[uniform(seed, "leave", numbers, state.month) < interested(score)]
    state.living[left] = False
    _new_bearers(state)
    return left.astype(np.int32)


def _new_bearers(state: State) -> None:
    """The first living line of a pool bears its fee where the bearer has left."""
    orphans = np.flatnonzero(state.living & (state.pool >= 0))
    orphans = orphans[~state.living[state.pool[orphans]]]
    pools, first = np.unique(state.pool[orphans], return_index=True)
    heirs = orphans[first]
    state.offer[heirs], state.fee[heirs] = state.offer[pools], state.fee[pools]
    heir_of = np.full(len(state.pool), -1, dtype=np.int32)
    heir_of[pools] = heirs
    state.pool[orphans] = heir_of[state.pool[orphans]]


def _margin(crowd: Crowd, state: State) -> float:
    """What the living lines bring this month."""
    facts = facts_of(crowd, state)
    bears = state.living & ((state.pool < 0) | (state.pool == np.arange(len(state.pool))))
    postpaid = catalogue.MARGIN[state.offer] + OVERAGE_MARGIN * facts.overage - state.discount * state.fee
    own = np.where(crowd.line_kind == PREPAID, TOP_UP_MARGIN * crowd.top_up_cents, postpaid)
    extra = np.where(state.extra >= 0, catalogue.MARGIN[np.maximum(state.extra, 0)], 0.0).sum(axis=1)
    return float((own * bears + state.add_on_cents * state.living).sum() + extra[_homes(crowd, state)].sum())


def _homes(crowd: Crowd, state: State) -> Flags:
    return np.asarray(count_of(crowd.line_home, len(crowd.kind), state.living) > 0)


def _turn(state: State, params: Reactions) -> None:
    """The first of the next month: what fades has faded."""
    state.month += 1
    state.annoyance *= params.annoyance_kept
    state.heard *= 0.6
    state.refusals *= 0.5
    state.woken *= 0.5
    state.gb *= 1.008  # a tenth more data a year
    state.device_months += 1
    for counted in (state.took, state.home_took, state.contacts, state.talked):
        counted[:] = 0
    state.agreed = state.agreed[:0]
    state.cost_cents, state.sent, state.opt_outs = 0.0, 0, 0
