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
SAME_HOME = 0.8  # of outdated notes on a line name another of the user's home, where there is one
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
    """What the CRM's notes hold, of few homes; mostly true, some of it never or no more. Stories' homes err not."""
    calm = segments.of_home[population.home] > 0
    user, used = _users(contracts, population, parties, calm, params, rng)
    speaker, role = _roles(population, roles, parties, calm, params, rng)
    pair = _pairs(population, parties, calm, params, rng)
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


def _users(
    contracts: Contracts,
    population: Population,
    parties: Parties,
    calm: Flags,
    params: Params,
    rng: np.random.Generator,
) -> tuple[Index, Index]:
    """(user, line): registered users of living mobile lines that somebody else holds; some used it once."""
    lines = contracts.lines
    theirs = lines.mobile & lines.living & (lines.user >= 0) & (lines.user != lines.holder)
    line = np.flatnonzero(theirs & (parties.crm[np.maximum(lines.user, 0)] != ""))
    user = lines.user[line].astype(np.int64)
    noted = flip(rng, params.touch.declared_user, len(line)) | calm[user]
    user, line = user[noted], line[noted]
    outdated = flip(rng, params.touch.declared_wrong, len(line)) & ~calm[user]
    earlier = _somebody_else(user, population, population.adult & (parties.crm != "") & ~calm, rng)
    return np.where(outdated & (earlier >= 0), earlier, user), line


def _somebody_else(user: Index, population: Population, might: Flags, rng: np.random.Generator) -> Index:
    """Another of those who might, mostly of the person's own home, else anybody; -1 where there is nobody."""
    known = np.flatnonzero(might)  # home after home, as persons are
    if len(known) < 2:
        return np.full(len(user), -1, dtype=np.int64)
    start = np.searchsorted(population.home[known], population.home[user], side="left")
    count = np.searchsorted(population.home[known], population.home[user], side="right") - start
    draws = rng.random((2, len(user)))
    here = (count - might[user] > 0) & flip(rng, SAME_HOME, len(user))
    start, count = np.where(here, start, 0), np.where(here, count, len(known))
    place = (draws[0] * count).astype(np.int64)
    found = known[start + place]
    beside = known[start + (place + 1) % count]
    return np.asarray(np.where(found == user, beside, found))


def _roles(
    population: Population,
    roles: Roles,
    parties: Parties,
    calm: Flags,
    params: Params,
    rng: np.random.Generator,
) -> tuple[Index, Index]:
    """(person, role): one of the roles that the person holds; a few name one that another holds."""
    says = flip(rng, params.touch.declared_role, population.persons)
    person = np.flatnonzero(says & population.adult & (parties.crm != "") & roles.held.any(axis=1))
    draws = rng.random((len(person), roles.held.shape[1]))
    held = roles.held[person]
    wrong = flip(rng, params.touch.declared_role_wrong, len(person)) & ~calm[person] & ~held.all(axis=1)
    return person, np.where(held ^ wrong[:, None], draws, -1.0).argmax(axis=1)


def _pairs(
    population: Population, parties: Parties, calm: Flags, params: Params, rng: np.random.Generator
) -> tuple[Index, Index]:
    """(one, other): the first two adults of a home whom we know; or somebody who moved out, or never lived there."""
    known = np.flatnonzero(population.adult & (parties.best() != ""))
    home = population.home[known]
    rank = rank_in_group(home, known)
    first, second = _by_home(known[rank == 0], population), _by_home(known[rank == 1], population)
    says = flip(rng, params.touch.declared_lives_with, population.homes) & (second >= 0)
    one, other = first[says], second[says]
    wrong = flip(rng, params.touch.declared_with_wrong, len(one)) & ~calm[one]
    left = known[(population.home_before[known] >= 0) & ~calm[known]]
    gone = np.full(population.homes, -1, dtype=np.int64)
    gone[population.home_before[left]] = left
    former, anybody = gone[population.home[one]], known[(rng.random(len(one)) * len(known)).astype(np.int64)]
    former = np.where(former >= 0, former, anybody)
    wrong &= (population.home[former] != population.home[one]) & ~calm[former]
    return one, np.where(wrong, former, other)


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
