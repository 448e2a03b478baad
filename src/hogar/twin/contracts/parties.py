"""As whom do the silos know them? CRM customers, prepaid registrations, web accounts, businesses, duplicates.

One human may be several parties and no silo says so. Reads people and contracts; returns party ids.
After: contracts; before: everything that names a party. `numbering` gives the telephone numbers, `selfcare` the
lines that a self-care account manages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Flags, Index, Texts
from hogar.twin.chance import distinct, unique_ids
from hogar.twin.contracts.lines import PREPAID, Contracts, Lines
from hogar.twin.contracts.numbering import numbers_of
from hogar.twin.contracts.segments import Segments
from hogar.twin.contracts.selfcare import manage
from hogar.twin.contracts.since import Since, since_when
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.people.roles import Roles

PREFIX = {"C": "crm:", "P": "prepaid:", "W": "web:", "L": "crm:", "S": "prepaid:", "X": "off:"}
MOST_DUPLICATES = 0.5  # of customers, in the dirtiest market
HELD_UNDER_DUPLICATE = 0.3  # of the lines of a customer whom CRM has twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Silo ids; "" where a person (a row) is none of that silo's. Companies are CRM customers too.

    `line` names lines ("L..." contracts, "S..." prepaid SIMs), then the numbers of other operators ("X..." hashes):
    the order of positions in traffic.
    """

    crm: Texts  # a person
    duplicate: Texts  # ... a second CRM customer of the same human
    business: Texts  # ... the business of a sole trader
    prepaid: Texts
    web: Texts
    web_states_id: Flags
    web_states_email: Flags
    since: Since
    company: Texts  # a workplace (as far as the last customer): "" but for a COMPANY that is one
    line: Texts  # a line or number of another operator
    holder_is_duplicate: Flags  # a line: CRM has it under the duplicate
    account: Texts  # an account
    manages: Index  # [login, 2]: (person, line) pairs that a self-care account manages
    msisdn: (
        Texts  # a line: its telephone number, "" for broadband and TV; some were another customer's before
    )

    def best(self) -> Texts:
        """The party by which each person is best known: CRM, else the prepaid registry, else ""."""
        return np.where(self.crm != "", self.crm, self.prepaid)


def canonical(id: str) -> str:
    """A silo's id as the product's tables carry it: with the silo in front.

    >>> canonical("S1234567")
    'prepaid:S1234567'
    """
    return PREFIX[id[0]] + id


def register(
    population: Population,
    contracts: Contracts,
    offnet_count: int,
    roles: Roles,
    segments: Segments,
    params: Params,
    rng: np.random.Generator,
) -> Parties:
    """Ids for everybody who holds, pays, is registered or has logged in."""
    touch, persons, lines = params.touch, population.persons, contracts.lines
    draws = rng.random((5, persons))
    focus = _some(persons, segments.focus)
    private = lines.company < 0
    contract = lines.account >= 0
    users = _some(persons, lines.user[lines.mobile & private])
    prepaid = _some(persons, lines.holder[lines.kind == PREPAID])
    crm = _some(persons, lines.holder[contract & ~lines.by_business]) | _some(persons, lines.payer[private])
    crm |= focus | (users & ~crm & ~prepaid & (draws[0] < touch.registered_user))
    web = (users | crm) & population.adult & ((draws[1] < touch.selfcare) | focus)
    business = _some(persons, lines.holder[lines.by_business & private])
    twice = params.dirt.duplicate_customers * params.dirt.level
    duplicate = crm & ~focus & (draws[2] < min(twice, MOST_DUPLICATES))
    held = rng.random(len(lines)) < HELD_UNDER_DUPLICATE
    held &= duplicate[lines.holder] & contract & ~lines.by_business
    companies = np.unique(lines.company[lines.company >= 0]).astype(np.int64)

    customers = np.concatenate([np.flatnonzero(crm), np.flatnonzero(business), np.flatnonzero(duplicate)])
    ids = np.split(
        unique_ids(rng, "C", len(customers) + len(companies)),
        np.cumsum([int(crm.sum()), int(business.sum()), int(duplicate.sum())]),
    )
    return Parties(
        crm=_ids(persons, np.flatnonzero(crm), ids[0]),
        business=_ids(persons, np.flatnonzero(business), ids[1]),
        duplicate=_ids(persons, np.flatnonzero(duplicate), ids[2]),
        company=_ids(_workplaces(lines), companies, ids[3]),
        prepaid=_ids(persons, np.flatnonzero(prepaid), unique_ids(rng, "P", int(prepaid.sum()))),
        web=_ids(persons, np.flatnonzero(web), unique_ids(rng, "W", int(web.sum()))),
        web_states_id=(draws[3] < touch.web_states_id) | focus,
        web_states_email=draws[4] < touch.web_states_email,
        since=since_when(lines, persons, params, rng),
        line=_line_ids(lines, offnet_count, rng),
        holder_is_duplicate=held,
        account=unique_ids(rng, "A", len(contracts.accounts.payer)),
        manages=manage(population, contracts, roles, web, focus, params, rng),
        msisdn=numbers_of(lines, params, rng),
    )


def _some(persons: int, numbers: np.ndarray) -> Flags:
    """A flag per person: one of these numbers."""
    flags = np.zeros(persons, dtype=bool)
    flags[numbers[numbers >= 0]] = True
    return flags


def _ids(rows: int, where: Index, ids: Texts) -> Texts:
    column = np.full(rows, "", dtype=object)
    column[where] = ids
    return column


def _workplaces(lines: Lines) -> int:
    """How many workplaces there are at least: the column `company` of parties ends with the last customer."""
    return int(lines.company.max(initial=-1)) + 1


def _line_ids(lines: Lines, offnet_count: int, rng: np.random.Generator) -> Texts:
    prepaid = lines.kind == PREPAID
    names = np.full(len(lines) + offnet_count, "", dtype=object)
    names[np.flatnonzero(~prepaid)] = unique_ids(rng, "L", int((~prepaid).sum()))
    names[np.flatnonzero(prepaid)] = unique_ids(rng, "S", int(prepaid.sum()))
    names[len(lines) :] = [f"X{hashed:014x}" for hashed in distinct(rng, 1 << 56, offnet_count).tolist()]
    return names
