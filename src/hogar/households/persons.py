"""Which parties are one person? Reads links between parties; returns the person of each party.

Links of the surest kind are followed first. A group never holds two id numbers or two birthdays that are more than a
slip apart; a party that would fit two such groups alike (a log-in `José García`, of father or son?) stays alone.
A person is named after the smallest of its parties, so that the name survives a new run and rows that have nothing
to do with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hogar.households.slips import like_birthday, like_id

Indices = npt.NDArray[np.int64]
Value = TypeVar("Value")


def persons(parties: pa.Table, links: pa.Table) -> pa.Table:
    """The table (party_id, person_id): `parties` in order of their id.

    `links` has party_a, party_b, their id numbers (id_a, id_b) and birthdays (birth_a, birth_b), and a level: the
    higher, the surer.
    """
    ids = parties["party_id"].combine_chunks()
    a = pc.index_in(links["party_a"], value_set=ids).to_numpy().astype(np.int64)
    b = pc.index_in(links["party_b"], value_set=ids).to_numpy().astype(np.int64)
    level = links["level"].to_numpy()
    marks = _Marks.of(links, a, b)
    groups = np.arange(len(ids), dtype=np.int64)
    for one in sorted(set(level.tolist()), reverse=True):
        groups = _joined(groups, a[level == one], b[level == one], marks)
    # the ids are in order: the first party of a group is the smallest
    _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    anchors = ids.take(pa.array(first[member]))
    return pa.table({"party_id": ids, "person_id": pc.binary_join_element_wise("P", anchors, "-")})


def components(count: int, a: Indices, b: Indices) -> Indices:
    """The number of the connected component of each of `count` nodes, given the two ends of each link."""
    from scipy.sparse import coo_array  # here, so that commands which resolve nothing do not wait for it
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    return labels.astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class _Marks:
    """What tells persons apart: rows of (party, id number) and of (party, birthday), as numbers of distinct values."""

    id_party: Indices
    id_value: Indices
    id_texts: list[str]
    birth_party: Indices
    birth_value: Indices
    birth_days: list[date]

    @classmethod
    def of(cls, links: pa.Table, a: Indices, b: Indices) -> _Marks:
        id_party, id_value, id_texts = _distinct(links["id_a"], links["id_b"], a, b)
        birth_party, birth_value, birth_days = _distinct(links["birth_a"], links["birth_b"], a, b)
        return cls(
            id_party=id_party, id_value=id_value, id_texts=id_texts,
            birth_party=birth_party, birth_value=birth_value, birth_days=birth_days,
        )  # fmt: skip

    def doubtful(self, groups: Indices) -> Indices:
        """The groups with two id numbers or two birthdays."""
        found = []
        for party, value in ((self.id_party, self.id_value), (self.birth_party, self.birth_value)):
            pairs = np.unique(np.stack([groups[party], value]), axis=1)[0]
            group, count = np.unique(pairs, return_counts=True)
            found.append(group[count > 1])
        return np.unique(np.concatenate(found))


def _distinct(
    one: pa.ChunkedArray, other: pa.ChunkedArray, a: Indices, b: Indices
) -> tuple[Indices, Indices, list[Any]]:
    coded = pa.chunked_array([*one.chunks, *other.chunks], type=one.type).combine_chunks().dictionary_encode()
    known = np.asarray(coded.is_valid())
    value = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)[known]
    rows = np.unique(np.stack([np.concatenate([a, b])[known], value]), axis=1)
    return rows[0], rows[1], coded.dictionary.to_pylist()


def _joined(groups: Indices, a: Indices, b: Indices, marks: _Marks) -> Indices:
    """The groups after the links of one level: joined where nothing speaks against it, one by one where it might."""
    whole = components(len(groups), groups[a], groups[b])[groups]
    doubtful = marks.doubtful(whole)
    if not len(doubtful):
        return _named(whole)
    open_ = np.isin(whole, doubtful)
    apart = _Apart.of(groups, open_, marks)
    inside = open_[a] & (groups[a] != groups[b])
    pairs = np.unique(np.sort(np.stack([groups[a[inside]], groups[b[inside]]]), axis=0), axis=1)
    apart.join([(int(one), int(other)) for one, other in pairs.T])
    found = np.where(open_, -1 - groups, whole)
    mine = np.flatnonzero(open_)
    found[mine] = [-1 - apart.root(int(group)) for group in groups[mine]]
    return _named(found)


def _named(groups: Indices) -> Indices:
    """Each group named after its first party."""
    _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    return np.asarray(first[member], dtype=np.int64)


@dataclass(kw_only=True)
class _Apart:
    """Groups that may not all be joined: each with its id numbers and birthdays."""

    ids: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    births: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    parent: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Indices, open_: npt.NDArray[np.bool_], marks: _Marks) -> _Apart:
        apart = cls()
        for party, value in _inside(marks.id_party, marks.id_value, open_):
            apart.ids[int(groups[party])].add(marks.id_texts[value])
        for party, value in _inside(marks.birth_party, marks.birth_value, open_):
            apart.births[int(groups[party])].add(marks.birth_days[value])
        return apart

    def join(self, pairs: list[tuple[int, int]]) -> None:
        """Join the pairs that do not clash; a group whose partners clash with each other joins none of them."""
        partners = defaultdict(list)
        for one, other in pairs:
            if not self.clash(one, other):
                partners[one].append(other)
                partners[other].append(one)
        torn = {group for group, others in partners.items() if self.torn(group, others)}
        for one, other in pairs:
            root, joined = self.root(one), self.root(other)
            if one in torn or other in torn or root == joined or self.clash(root, joined):
                continue
            keep, lose = min(root, joined), max(root, joined)
            self.parent[lose] = keep
            self.ids[keep] |= self.ids[lose]
            self.births[keep] |= self.births[lose]

    def root(self, group: int) -> int:
        while (above := self.parent.get(group, group)) != group:
            group = above
        return group

    def torn(self, group: int, partners: list[int]) -> bool:
        """Whether two partners clash in what the group itself does not know."""
        pairs = list(combinations(partners, 2))
        by_id = any(_unlike(self.ids[one], self.ids[other], like_id) for one, other in pairs)
        by_birth = any(_unlike(self.births[one], self.births[other], like_birthday) for one, other in pairs)
        return (by_id and not self.ids[group]) or (by_birth and not self.births[group])

    def clash(self, one: int, other: int) -> bool:
        """Whether both have an id number, or both a birthday, and no two of them are alike."""
        return _unlike(self.ids[one], self.ids[other], like_id) or _unlike(
            self.births[one], self.births[other], like_birthday
        )


def _inside(party: Indices, value: Indices, open_: npt.NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    mine = open_[party]
    return zip(party[mine].tolist(), value[mine].tolist(), strict=True)


def _unlike(some: set[Value], others: set[Value], like: Callable[[Value, Value], bool]) -> bool:
    return bool(some) and bool(others) and not any(like(one, other) for one in some for other in others)
