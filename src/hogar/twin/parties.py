"""As whom do the silos know them? CRM customers, prepaid registrations, web accounts, businesses, duplicates.

One human may be several parties and no silo says so. Reads people and contracts; returns party ids.
After: contracts; before: everything that names a party.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from hogar.twin.chance import flip, unique_ids
from hogar.twin.lines import Contracts
from hogar.twin.parameters import Params
from hogar.twin.population import Population
from hogar.twin.segments import Segments

PREFIX = {"C": "crm:", "P": "prepaid:", "W": "web:"}


@dataclass(frozen=True, slots=True)
class Web:
    """A self-care account: what it states of its owner, and the lines managed there with log-ins."""

    id: str
    states_id: bool
    states_email: bool


@dataclass(slots=True)
class Parties:
    """Silo ids by person number; `duplicate` and `business` are further CRM customers of the same human."""

    crm: dict[int, str] = field(default_factory=dict)
    prepaid: dict[int, str] = field(default_factory=dict)
    web: dict[int, Web] = field(default_factory=dict)
    business: dict[int, str] = field(default_factory=dict)
    duplicate: dict[int, str] = field(default_factory=dict)
    holder_is_duplicate: set[int] = field(default_factory=set)
    since: dict[int, date] = field(default_factory=dict)
    line: list[str] = field(default_factory=list)
    account: list[str] = field(default_factory=list)

    def any_of(self, person: int) -> str | None:
        """The party by which a person is best known, None for a stranger."""
        return self.crm.get(person) or self.prepaid.get(person)

    def all_of(self, person: int) -> list[str]:
        """Every party of a person."""
        found = [
            known[person]
            for known in (self.crm, self.duplicate, self.prepaid, self.business)
            if person in known
        ]
        return found + ([self.web[person].id] if person in self.web else [])


def register(
    population: Population, contracts: Contracts, segments: Segments, params: Params, rng: np.random.Generator
) -> Parties:
    """Ids for everybody who holds, pays, is registered or has logged in."""
    parties, touch = Parties(), params.touch
    lines = contracts.lines
    crm = {line.holder for line in lines if line.account >= 0 and not line.by_business}
    crm |= {line.payer for line in lines if line.payer >= 0}
    prepaid = {line.holder for line in lines if line.kind == "mobile_prepaid"}
    users = {line.user for line in lines if "mobile" in line.kind}
    for number in sorted(users - crm - prepaid):
        if flip(rng, touch.registered_user):
            crm.add(number)
    focus = set(segments.focus.values())
    crm |= focus
    web = [n for n in sorted(users | crm) if population.persons[n].adult
           and (flip(rng, touch.selfcare) or n in focus)]  # fmt: skip
    business = sorted({line.holder for line in lines if line.by_business})
    twice = [
        n
        for n in sorted(crm - focus)
        if flip(rng, params.dirt.duplicate_customers * min(params.dirt.level, 10))
    ]
    ids = unique_ids(rng, "C", len(crm) + len(business) + len(twice))
    for known, numbers in (
        (parties.crm, sorted(crm)),
        (parties.business, business),
        (parties.duplicate, twice),
    ):
        known.update(zip(numbers, ids, strict=False))
        del ids[: len(numbers)]
    parties.prepaid = dict(zip(sorted(prepaid), unique_ids(rng, "P", len(prepaid)), strict=True))
    for number, id in zip(web, unique_ids(rng, "W", len(web)), strict=True):
        states = flip(rng, touch.web_states_id) or number in focus
        parties.web[number] = Web(id, states, flip(rng, touch.web_states_email))
    for line in lines:
        parties.since[line.holder] = min(parties.since.get(line.holder, line.started), line.started)
        if line.holder in parties.duplicate and flip(rng, 0.3) and not line.by_business and line.account >= 0:
            parties.holder_is_duplicate.add(line.number)
    postpaid = iter(unique_ids(rng, "L", len(lines)))
    sims = iter(unique_ids(rng, "S", len(lines)))
    parties.line = [next(sims if line.kind == "mobile_prepaid" else postpaid) for line in lines]
    parties.account = unique_ids(rng, "A", len(contracts.accounts))
    return parties
