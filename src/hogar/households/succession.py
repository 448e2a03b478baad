"""Which household now is which household of before? Reads two views of the same parties; returns ids that survive.

Parties are what the sources know; persons and households are views over them. A person is named after its smallest
party, so a person id always speaks of somebody who has that party. A household's id would change with its first
member: it is inherited instead, from the household that most of its persons came from. Before: `clusters`; after:
`events`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class View:
    """What one resolution found: whose party is whose (party_id, person_id), who lives where (person_id, household_id).

    `homes` (person_id, home), where given, says at which address a person is at home, as any key that compares.
    """

    party_person: pa.Table
    membership: pa.Table
    homes: pa.Table | None = None

    @classmethod
    def empty(cls) -> View:
        """A view of nobody: everybody who comes after it is new."""
        text = pa.string()
        return cls(
            party_person=pa.schema([("party_id", text), ("person_id", text)]).empty_table(),
            membership=pa.schema([("person_id", text), ("household_id", text)]).empty_table(),
        )


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The persons and households of two views, by their place in `before` and `now`; -1 stands for none.

    `came_from` is the person of before that a person now was: the one of the same name, else the one that had the
    smallest of its parties. `went_to` is the same the other way round. `household_before` and `household_now` are
    labels by person; `inherits` is the household of before whose id a household now bears.
    """

    persons_before: pa.Array
    persons_now: pa.Array
    came_from: Indices
    went_to: Indices
    household_before: Indices
    household_now: Indices
    households_before: pa.Array
    households_now: pa.Array
    inherits: Indices


def kept(before: View, now: View) -> Kept:
    """Who and what of `before` is still there in `now`.

    Households inherit one to one: the pair that has most persons in common comes first, of equals the one with the
    smaller ids. What the households of `now` are called in the table does not matter but for those ties.
    """
    persons_before, persons_now = ids(before.membership, "person_id"), ids(now.membership, "person_id")
    came_from = _continued(persons_now, now.party_person, persons_before, before.party_person)
    went_to = _continued(persons_before, before.party_person, persons_now, now.party_person)
    households_before, household_before = labels(before.membership, persons_before)
    households_now, household_now = labels(now.membership, persons_now)
    known = came_from >= 0
    inherits = heirs(
        household_now[known],
        household_before[came_from[known]],
        len(households_now),
        len(households_before),
    )
    return Kept(
        persons_before=persons_before,
        persons_now=persons_now,
        came_from=came_from,
        went_to=went_to,
        household_before=household_before,
        household_now=household_now,
        households_before=households_before,
        households_now=households_now,
        inherits=inherits,
    )


def ids(table: pa.Table, column: str) -> pa.Array:
    """The different ids of a column, in order."""
    found = pc.unique(flat(table, column))
    return found.take(pc.array_sort_indices(found))


def labels(membership: pa.Table, persons: pa.Array) -> tuple[pa.Array, Indices]:
    """The households in order of their id, and the place of each person's among them."""
    households = ids(membership, "household_id")
    mine = places(persons, flat(membership, "person_id"))
    return households, places(flat(membership, "household_id"), households)[mine]


def places(values: pa.Array, among: pa.Array) -> Indices:
    """Where each value stands in `among`; -1 where it does not."""
    found = pc.fill_null(pc.index_in(values, value_set=among), -1)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def flat(table: pa.Table, column: str) -> pa.Array:
    """A column as one array of texts, whatever its chunks are."""
    found = table[column].cast(pa.string()).combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def heirs(heir: Indices, house: Indices, heirs_count: int, houses_count: int) -> Indices:
    """One row a person: its group now and its group before; returns for each group now the one it inherits, or -1.

    Pairs that are the best left for both sides are taken together, again and again: the same as one by one from the
    best down, without a loop over a million households.

    >>> heirs(np.array([0, 0, 1]), np.array([0, 1, 0]), 2, 2).tolist()
    [0, -1]
    """
    inherits, taken = np.full(heirs_count, -1, dtype=np.int64), np.zeros(houses_count, dtype=np.bool_)
    pair, shared = np.unique(heir * max(houses_count, 1) + house, return_counts=True)
    now, before = pair // max(houses_count, 1), pair % max(houses_count, 1)
    best_first = np.lexsort((now, before, -shared))
    now, before = now[best_first], before[best_first]
    while len(now):
        place = np.arange(len(now))
        best_of_now, best_of_before = (
            np.empty(heirs_count, dtype=np.int64),
            np.empty(houses_count, dtype=np.int64),
        )
        best_of_now[now[::-1]] = place[::-1]  # the last to be written is the first in order
        best_of_before[before[::-1]] = place[::-1]
        mutual = (best_of_now[now] == place) & (best_of_before[before] == place)
        inherits[now[mutual]] = before[mutual]
        taken[before[mutual]] = True
        left = (inherits[now] < 0) & ~taken[before]
        now, before = now[left], before[left]
    return inherits


def _continued(persons: pa.Array, parties: pa.Table, others: pa.Array, other_parties: pa.Table) -> Indices:
    """Who each person is in the other view: the same id, else the owner of its smallest party that is known there."""
    parties = parties.sort_by("party_id")
    owner = places(flat(parties, "person_id"), persons)
    there = places(flat(parties, "party_id"), flat(other_parties, "party_id"))
    other = np.append(places(flat(other_parties, "person_id"), others), -1)[there]
    usable = (owner >= 0) & (other >= 0)
    found = np.full(len(persons), -1, dtype=np.int64)
    found[owner[usable][::-1]] = other[usable][::-1]  # the smallest party is written last
    same = places(persons, others)
    return np.where(same >= 0, same, found)
