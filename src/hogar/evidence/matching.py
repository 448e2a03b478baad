"""Who of the truth is who of the result? Reads a resolution and the true membership; returns columns that match both.

A party is in both, by its id; true persons and homes are matched with found ones through their parties.
Before: `clusters`, and what is judged beside households (line users, roles, members at other operators).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hogar.errors import UsageError
from hogar.evidence.clusters import Flags, Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The parties of the truth in the order of their ids, each with its person and home, true and found, by number.

    Numbers are places in the sorted ids beside them. A party that was not resolved lives alone in a found home of
    its own, whose number lies behind all others, and is nobody that was found (-1).
    """

    parties: pa.Array
    persons: pa.Array
    homes: pa.Array
    found_persons: pa.Array
    found_homes: pa.Array
    person: Labels
    home: Labels
    found_person: Labels
    found_home: Labels

    @property
    def missing(self) -> int:
        """How many parties were not resolved."""
        return int((self.found_home >= len(self.found_homes)).sum())

    @property
    def known(self) -> Flags:
        """Which true persons the resolution knows by at least one party."""
        resolved = self.person[self.found_home < len(self.found_homes)]
        return np.bincount(resolved, minlength=len(self.persons)) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One row a true person: its true home, and the found one where most of its parties were put."""

    person: Labels
    home: Labels
    found_home: Labels


def match(membership: pa.Table | Path, truth: pa.Table | Path) -> Matched:
    """The truth (party_id, person_id, household_id) with the folder of a resolution, or (party_id, household_id).

    A table without `person_id` says nothing of persons found. Columns that are missing are a `UsageError`.
    """
    known = read(truth, ("party_id", "person_id", "household_id"), "truth").sort_by("party_id")
    resolved = _resolved(membership)
    parties = known["party_id"].combine_chunks()
    place = number(parties, resolved["party_id"])
    persons, homes = ids_of(known["person_id"]), ids_of(known["household_id"])
    found_persons, found_homes = ids_of(resolved["person_id"]), ids_of(resolved["household_id"])
    home = _taken(number(resolved["household_id"], found_homes), place)
    return Matched(
        parties=parties,
        persons=persons,
        homes=homes,
        found_persons=found_persons,
        found_homes=found_homes,
        person=number(known["person_id"], persons),
        home=number(known["household_id"], homes),
        found_person=_taken(number(resolved["person_id"], found_persons), place),
        found_home=np.where(home < 0, len(found_homes) + np.arange(len(home)), home),
    )


def people(matched: Matched) -> People:
    """Each true person once; of found homes with equally many of its parties the first by id."""
    person, home, found, count = _counted(matched.person, matched.home, matched.found_home)
    order = np.lexsort((found, -count, person))
    first = order[np.unique(person[order], return_index=True)[1]]
    return People(person=person[first], home=home[first], found_home=found[first])


def home_of_found(of: People, found_homes: int) -> Labels:
    """For each found home the true one where most of its persons live, of equals the first by id; -1 for none."""
    found, home, _, count = _counted(of.found_home, of.home, np.zeros_like(of.home))
    order = np.lexsort((home, -count, found))
    heads, first = np.unique(found[order], return_index=True)
    result = np.full(found_homes, -1, dtype=np.int64)
    result[heads[heads < found_homes]] = home[order[first]][heads < found_homes]
    return result


def read(source: pa.Table | Path, columns: tuple[str, ...], what: str) -> pa.Table:
    """These columns of a table or of a Parquet file, without rows that lack one of the values."""
    table = pq.read_table(source) if isinstance(source, Path) else source
    lacking = [column for column in columns if column not in table.column_names]
    if lacking:
        where = f"{source}: " if isinstance(source, Path) else ""
        raise UsageError(f"{where}the {what} lacks the column `{lacking[0]}`; it needs {', '.join(columns)}")
    table = table.select(columns)
    return table.drop_null() if any(column.null_count for column in table.columns) else table


def ids_of(column: Any) -> pa.Array:
    """The ids of a column, each once and sorted."""
    found = pc.unique(column).drop_null()
    return found.take(pc.sort_indices(found)).cast(pa.string())


def number(column: Any, ids: Any) -> Labels:
    """The place of each value among the ids, the first where an id stands there twice; -1 where there is none."""
    values = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    places = pc.fill_null(pc.index_in(column.cast(pa.string()), value_set=values.cast(pa.string())), -1)
    return np.asarray(places, dtype=np.int64)


def _resolved(membership: pa.Table | Path) -> pa.Table:
    """Of each party the found person (null where that is not told) and the found home."""
    if isinstance(membership, Path) and membership.is_dir():
        persons = read(membership / "party_person.parquet", ("party_id", "person_id"), "persons found")
        homes = read(membership / "membership.parquet", ("person_id", "household_id"), "membership")
        place = number(persons["person_id"], homes["person_id"])
        home = homes["household_id"].combine_chunks().take(pa.array(place, mask=place < 0))
        return persons.append_column("household_id", home)
    table = read(membership, ("party_id", "household_id"), "membership")
    return table.append_column("person_id", pa.nulls(len(table), pa.string()))


def _counted(a: Labels, b: Labels, c: Labels) -> tuple[Labels, Labels, Labels, Labels]:
    """The distinct rows of three columns in their order, and how often each is there."""
    order = np.lexsort((c, b, a))
    a, b, c = a[order], b[order], c[order]
    new = np.ones(len(a), dtype=np.bool_)
    new[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1]) | (c[1:] != c[:-1])
    heads = np.flatnonzero(new)
    return a[heads], b[heads], c[heads], np.diff(np.append(heads, len(a)))


def _taken(values: Labels, places: Labels) -> Labels:
    """The values at these places; -1 at a place below 0."""
    return np.append(values, -1)[places]
