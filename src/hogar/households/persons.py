"""Which parties are one person? Reads links between parties; returns the person of each party.

Groups are the connected components of the links. A person is named after the smallest of its parties,
so that the name survives a new run and rows that have nothing to do with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def persons(parties: pa.Table, links: pa.Table) -> pa.Table:
    """The table (party_id, person_id): `parties` in order of their id, `links` with columns party_a, party_b."""
    ids = parties["party_id"].combine_chunks()
    groups = components(
        len(ids),
        pc.index_in(links["party_a"], value_set=ids).to_numpy(),
        pc.index_in(links["party_b"], value_set=ids).to_numpy(),
    )
    # the ids are in order: the first party of a group is the smallest
    _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    anchors = ids.take(pa.array(first[member]))
    return pa.table({"party_id": ids, "person_id": pc.binary_join_element_wise("P", anchors, "-")})


def components(count: int, a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The number of the connected component of each of `count` nodes, given the two ends of each link."""
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    return labels.astype(np.int64)
