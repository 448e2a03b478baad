"""Who may answer? The columns of the true market that reactions read, and which never change.

Made of a world, or by hand in a test. `state` holds what changes from month to month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Floats, Index, Ints, Small
from hogar.twin.chance import uniform
from hogar.twin.contracts.lines import Lines
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.parameters.rules import KINDS
from hogar.twin.world import World

CURIOUS, INDIFFERENT, HOSTILE = range(3)
FLAT_SHARE, GROUP_QUARTERS = KINDS.index("flat_share"), KINDS.index("group_quarters")
NEVER_BOUND = -1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Persons, homes, lines and ties by number; months count from the month of the extract (0)."""

    first_month: np.datetime64  # datetime64[M]
    # a person
    home: Ints
    age: Ints
    mother: Ints
    father: Ints
    partner: Ints
    weight: Floats
    heart: Small  # CURIOUS, INDIFFERENT or HOSTILE
    irritable: Floats
    channel: Floats  # [person, place in OUTBOUND_CHANNELS]
    awake: Floats
    data: Floats
    talk: Floats
    gadgets: Floats
    television: Floats
    travel: Floats
    # a home
    kind: Small
    first: Ints
    size: Ints
    price: Floats
    inertia: Floats
    controller: Ints
    representative: Ints
    adviser: Ints
    persuader: Ints
    fibre: Flags
    # a line; `decider` is a company's signatory or a payer who lives elsewhere, -1 where the home decides
    line_kind: Small
    user: Ints
    line_home: Ints
    decider: Ints
    company: Ints
    offer: Ints
    fee: Floats
    allowed: Floats
    gb: Floats
    top_up_cents: Floats
    pool: Ints
    living: Flags
    started: Ints
    bound_until: Ints
    device_months: Floats
    unseen: Floats
    # a tie between two persons of different homes
    one: Ints
    other: Ints
    closeness: Floats

    @property
    def persons(self) -> int:
        return len(self.home)

    @property
    def adult(self) -> Flags:
        return np.asarray(self.age >= 18)

    @staticmethod
    def of(world: World, seed: int) -> Crowd:
        """What the reactions need of a world."""
        people, tastes, roles, lines = world.population, world.tastes, world.roles, world.contracts.lines
        now = np.datetime64(world.params.now.date(), "M")
        one, other, closeness = _ties(world, lines)
        count = len(lines)
        company_decides = np.where(
            lines.company >= 0, world.workplaces.signatory[np.maximum(lines.company, 0)], -1
        )
        payer_elsewhere = (lines.payer >= 0) & (lines.home >= 0)
        payer_elsewhere &= people.home[np.maximum(lines.payer, 0)] != lines.home
        return Crowd(
            first_month=now,
            home=people.home, age=people.age, mother=people.mother, father=people.father, partner=people.partner,
            weight=roles.weight, heart=hearts(people.persons, world.params.reactions, seed),
            irritable=tastes.irritable, channel=tastes.channel, awake=tastes.awake, data=tastes.data,
            talk=tastes.talk, gadgets=tastes.gadgets, television=tastes.television, travel=tastes.travel,
            kind=people.kind, first=people.first, size=people.size, price=tastes.price, inertia=tastes.inertia,
            controller=roles.controller, representative=roles.representative, adviser=roles.adviser,
            persuader=roles.persuader,
            fibre=world.places.fibre[world.places.postcode[world.places.building[world.places.dwelling]]],
            line_kind=lines.kind, user=lines.user, line_home=lines.home,
            decider=np.where(company_decides >= 0, company_decides, np.where(payer_elsewhere, lines.payer, -1)),
            company=lines.company, offer=lines.offer, fee=lines.fee.astype(np.float64), allowed=lines.allowed_gb,
            gb=lines.gb, top_up_cents=np.nan_to_num(lines.top_up_eur) * 100, pool=lines.pool,
            living=lines.living, started=_month_number(lines.started, now),
            bound_until=_month_number(lines.commitment_until, now), device_months=_device_months(world, count),
            unseen=uniform(seed, "unseen", np.arange(count)) * 2 - 1,
            one=one, other=other, closeness=closeness,
        )  # fmt: skip


def hearts(persons: int, params: Reactions, seed: int) -> Small:
    """How each person takes messages at all: a class that no silo shows."""
    edges = np.cumsum([params.hearts[name] for name in ("curious", "indifferent", "hostile")])
    return np.minimum(
        np.searchsorted(edges, uniform(seed, "heart", np.arange(persons)), side="right"), 2
    ).astype(np.int8)


def _month_number(days: NDArray[Any], now: np.datetime64) -> Ints:
    """Months after the month of the extract; NEVER_BOUND for no day."""
    months = (days.astype("datetime64[M]") - now).astype(np.int64)
    return np.where(np.isnat(days), NEVER_BOUND, months).astype(np.int32)


def _device_months(world: World, lines: int) -> Floats:
    """How long each line's phone has been in use; 24 months where none was seen."""
    devices = world.devices
    since = np.full(lines, np.datetime64("1970-01-01", "D"))
    np.maximum.at(since, devices.line, devices.first)
    today = np.datetime64(world.params.now.date(), "D")
    months = (today - since).astype(np.float64) / 30.44
    return np.where(since == np.datetime64("1970-01-01", "D"), 24.0, months)


def _ties(world: World, lines: Lines) -> tuple[Ints, Ints, Floats]:
    """Kin and friends who talk: pairs of our users in different homes, the closer the more they call."""
    pairs = world.pairs
    ours = (pairs.one < len(lines)) & (pairs.other < len(lines)) & np.isin(pairs.why, (1, 2))
    one, other = lines.user[pairs.one[ours]], lines.user[pairs.other[ours]]
    near: Index = np.flatnonzero((one >= 0) & (other >= 0) & (one != other))
    calls = pairs.calls[ours][near]
    return one[near], other[near], calls / (calls + 4.0)
