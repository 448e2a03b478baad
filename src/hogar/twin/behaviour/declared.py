"""What did they tell us of their homes? Users of others' lines, roles, who lives with whom or apart, advisers.

Reads people, contracts, roles, parties, segments; returns rows. Used by: touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Index, rank_in_group
from hogar.twin.calendar import moments, today
from hogar.twin.chance import between, flip
from hogar.twin.contracts.lines import Contracts
from hogar.twin.contracts.parties import Parties
from hogar.twin.contracts.segments import JOINT_BAND, Segments
from hogar.twin.parameters import KINDS, Params
from hogar.twin.people.population import Population
from hogar.twin.people.roles import Roles

DECLARATIONS = ("uses_line", "role", "lives_with", "lives_apart", "adviser")
USES_LINE, ROLE, LIVES_WITH, LIVES_APART, ADVISER = range(5)
EMPTY_NEST, SEPARATED = KINDS.index("empty_nest"), KINDS.index("separated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One row a declaration; `role`, `other` and `line` -1 where it is not about one."""

    person: Index
    kind: Index
    role: Index
    other: Index
    line: Index
    at: NDArray[Any]


def declare(
    population: Population,
    contracts: Contracts,
    roles: Roles,
    parties: Parties,
    segments: Segments,
    params: Params,
    rng: np.random.Generator,
) -> Said:
    """What the CRM's notes hold, true as far as it goes; of few homes."""
    user, used = _users(contracts, parties)
    speaker, role = _roles(population, roles, parties, params, rng)
    pair = _pairs(population, parties, params, rng)
    kin = _kin_elsewhere(population, parties, segments, params, rng)
    sizes = [len(user), len(speaker), len(pair[0]), len(kin[1])]
    kind = np.concatenate([np.repeat([USES_LINE, ROLE, LIVES_WITH], sizes[:3]), kin[0]])
    person = np.concatenate([user, speaker, pair[0], kin[1]])
    nothing = [np.full(size, -1) for size in sizes]
    return Said(
        person=person,
        kind=kind,
        role=np.concatenate([nothing[0], role, nothing[2], nothing[3]]),
        other=np.concatenate([nothing[0], nothing[1], pair[1], kin[2]]),
        line=np.concatenate([used, nothing[1], nothing[2], nothing[3]]),
        at=moments(rng, today(params.now) - between(rng, 3, 702, len(person))),
    )


def _users(contracts: Contracts, parties: Parties) -> tuple[Index, Index]:
    """(user, line): registered users of living mobile lines that somebody else holds."""
    lines = contracts.lines
    theirs = lines.mobile & lines.living & (lines.user >= 0) & (lines.user != lines.holder)
    line = np.flatnonzero(theirs & (parties.crm[np.maximum(lines.user, 0)] != ""))
    return lines.user[line].astype(np.int64), line


def _roles(
    population: Population, roles: Roles, parties: Parties, params: Params, rng: np.random.Generator
) -> tuple[Index, Index]:
    """(person, role): one of the roles that the person holds."""
    says = flip(rng, params.touch.declared_role, population.persons)
    person = np.flatnonzero(says & population.adult & (parties.crm != "") & roles.held.any(axis=1))
    draws = rng.random((len(person), roles.held.shape[1]))
    return person, np.where(roles.held[person], draws, -1.0).argmax(axis=1)


def _pairs(
    population: Population, parties: Parties, params: Params, rng: np.random.Generator
) -> tuple[Index, Index]:
    """(one, other): the first two adults of a home whom we know."""
    known = np.flatnonzero(population.adult & (parties.best() != ""))
    home = population.home[known]
    rank = rank_in_group(home, known)
    first, second = _by_home(known[rank == 0], population), _by_home(known[rank == 1], population)
    says = flip(rng, params.touch.declared_lives_with, population.homes) & (second >= 0)
    return first[says], second[says]


def _kin_elsewhere(
    population: Population, parties: Parties, segments: Segments, params: Params, rng: np.random.Generator
) -> tuple[Index, Index, Index]:
    """(kind, speaker, other): the grown-up child who advises an empty nest, the other parent of a separated home."""
    known: Flags = parties.best() != ""
    adults = np.flatnonzero(population.adult & known)
    first = _by_home(adults[rank_in_group(population.home[adults], adults) == 0], population)
    speaker = np.where(segments.focus >= 0, segments.focus, first)
    other = population.elsewhere
    might = (other >= 0) & known[np.maximum(other, 0)] & (speaker >= 0) & known[np.maximum(speaker, 0)]
    keeps = flip(rng, params.households.keeps_adviser, population.homes) | (segments.of_home == JOINT_BAND)
    apart = flip(rng, params.touch.declared_lives_apart, population.homes)
    home = np.flatnonzero(
        might & (((population.kind == EMPTY_NEST) & keeps) | ((population.kind == SEPARATED) & apart))
    )
    kind = np.where(population.kind[home] == EMPTY_NEST, ADVISER, LIVES_APART)
    return kind, speaker[home].astype(np.int64), other[home].astype(np.int64)


def _by_home(persons: Index, population: Population) -> Index:
    """Persons, at most one a home, by home; -1 where there is none."""
    found = np.full(population.homes, -1, dtype=np.int64)
    found[population.home[persons]] = persons
    return found
