"""Do clusters keep constraints, and is the exact cut the best one?"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hogar.households.clusters import Links, cluster, partitions
from hogar.households.constants import HOUSEHOLD_PERSONS_MAX


def _links(rows: list[tuple[int, int, float, int]]) -> Links:
    a, b, log_odds, declared = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Links(
        a=np.array(a, dtype=np.int64),
        b=np.array(b, dtype=np.int64),
        log_odds=np.array(log_odds, dtype=np.float64),
        declared=np.array(declared, dtype=np.int8),
    )


def test_partitions_are_counted_by_bell() -> None:
    """There are 877 ways to part seven."""
    assert [len(partitions(size)) for size in range(1, 8)] == [1, 2, 5, 15, 52, 203, 877]


def test_a_chain_of_strangers_is_cut() -> None:
    """Two couples joined by one weak link through a shop stay two couples."""
    rows = [(0, 1, 4.0, 0), (1, 2, 0.3, 0), (2, 3, 4.0, 0), (0, 2, -3.0, 0), (0, 3, -3.0, 0), (1, 3, -3.0, 0)]
    assert cluster(4, _links(rows)).tolist() == [0, 0, 2, 2]


def test_big_components_keep_the_size_limit() -> None:
    """Thirty who are all likely fellows of each other become homes of eight at most."""
    rows = [(a, b, 3.0, 0) for a, b in combinations(range(30), 2)]
    homes = cluster(30, _links(rows))
    assert np.bincount(homes).max() <= HOUSEHOLD_PERSONS_MAX


def test_apart_holds_in_big_components() -> None:
    """A declared `apart` holds where the cut is greedy."""
    rows = [(a, b, 3.0, -1 if (a, b) == (0, 1) else 0) for a, b in combinations(range(12), 2)]
    homes = cluster(12, _links(rows))
    assert homes[0] != homes[1]


def test_a_giant_component_is_cut_in_time() -> None:
    """Two thousand couples on a string are cut into homes."""
    rows = [(n, n + 1, 5.0 if n % 2 == 0 else 0.2, 0) for n in range(3_999)]
    homes = cluster(4_000, _links(rows))
    assert np.bincount(homes).max() <= HOUSEHOLD_PERSONS_MAX
    assert all(homes[n] == homes[n + 1] for n in range(0, 4_000, 2))


@st.composite
def small_graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, float, int]]]:
    count = draw(st.integers(2, 6))
    rows = []
    for a, b in combinations(range(count), 2):
        if draw(st.booleans()):
            rows.append(
                (
                    a,
                    b,
                    draw(st.floats(-8, 8).map(lambda x: round(x, 3))),
                    draw(st.sampled_from([0, 0, 0, -1, 1])),
                )
            )
    return count, rows


@given(small_graphs())
def test_no_single_move_betters_the_cut(graph: tuple[int, list[tuple[int, int, float, int]]]) -> None:
    """Declared `apart` always holds, and moving one person to another home of its component gains nothing."""
    count, rows = graph
    links = _links(rows)
    homes = cluster(count, links)
    for a, b, _, declared in rows:
        assert declared != -1 or homes[a] != homes[b]
    weights = np.full((count, count), -0.5)
    for (a, b, _, _), weight in zip(rows, links.weights(), strict=True):
        weights[a, b] = weights[b, a] = weight
    for person in range(count):
        others = np.arange(count) != person
        stays = weights[person, others & (homes == homes[person])].sum()
        for home in np.unique(homes[others]):
            moved = weights[person, others & (homes == home)].sum()
            assert moved <= max(stays, 0.0) + 1e-6
