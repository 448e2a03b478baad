"""Are the figures about groups those of er-evaluation, an independent judge, whatever the groups are?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hogar.evidence.clusters import Overlap, adjusted_rand, b_cubed, exact_share, f1, pair_shares

pytestmark = pytest.mark.filterwarnings("ignore")  # the judge's own, about the pandas that it uses
Groups = tuple[list[int], list[int]]


def _of(groups: Groups) -> Overlap:
    found, true = (np.array(labels, dtype=np.int64) for labels in groups)
    return Overlap.of(found, true)


@st.composite
def groups(draw: st.DrawFn) -> Groups:
    """The same members in two ways: few groups or many, from nobody together to all in one."""
    count = draw(st.integers(2, 40))
    labels = st.integers(0, draw(st.integers(0, count)))
    one = st.lists(labels, min_size=count, max_size=count)
    return draw(one), draw(one)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(groups())
def test_equal_to_er_evaluation(drawn: Groups) -> None:
    """Pairs, B-cubed, whole groups and the adjusted Rand index, to 1e-9; where the judge divides by nothing, None."""
    import er_evaluation as judge
    import pandas as pd

    found, true = (pd.Series(labels) for labels in drawn)
    overlap = _of(drawn)
    precision, recall = pair_shares(overlap)
    for ours, theirs, pairs_of in (
        (precision, judge.pairwise_precision(found, true), found),
        (recall, judge.pairwise_recall(found, true), true),
    ):
        if pairs_of.is_unique:
            assert ours is None
        else:
            assert ours == pytest.approx(theirs, abs=1e-9)
    if precision is not None and recall is not None:
        assert f1(precision, recall) == pytest.approx(judge.pairwise_f(found, true), abs=1e-9)
    own_precision, own_recall = b_cubed(overlap)
    assert own_precision == pytest.approx(judge.b_cubed_precision(found, true), abs=1e-9)
    assert own_recall == pytest.approx(judge.b_cubed_recall(found, true), abs=1e-9)
    assert f1(own_precision, own_recall) == pytest.approx(judge.b_cubed_f(found, true), abs=1e-9)
    assert exact_share(overlap) == pytest.approx(judge.cluster_recall(found, true), abs=1e-9)
    assert adjusted_rand(overlap) == pytest.approx(judge.adjusted_rand_score(found, true), abs=1e-9)
    assert overlap.groups == true.nunique()
    assert overlap.biggest == found.value_counts().max()


@settings(max_examples=60, deadline=None)
@given(groups(), st.data())
def test_parts_make_up_the_whole(drawn: Groups, data: st.DataObject) -> None:
    """Whole true groups judged apart, weighted by what they hold, give the figure of all."""
    overlap = _of(drawn)
    mine = np.isin(overlap.true, data.draw(st.lists(st.sampled_from(drawn[1]), max_size=5)))
    parts = [overlap.where(mine), overlap.where(~mine)]
    assert sum(part.groups for part in parts) == overlap.groups
    for figure, weights in (
        (lambda part: pair_shares(part)[0], [int((part.found_size - 1).sum()) for part in parts]),
        (lambda part: pair_shares(part)[1], [int((part.true_size - 1).sum()) for part in parts]),
        (lambda part: b_cubed(part)[0], [part.groups for part in parts]),
        (lambda part: b_cubed(part)[1], [part.groups for part in parts]),
        (exact_share, [part.groups for part in parts]),
    ):
        if sum(weights):
            apart = sum((figure(part) or 0) * weight for part, weight in zip(parts, weights, strict=True))
            assert figure(overlap) == pytest.approx(apart / sum(weights), abs=1e-9)


def test_a_wrong_pair_counts_on_both_sides() -> None:
    """A single put to a couple: of the couple's four pairs, seen from each end, two are right; of the single's none."""
    overlap = _of(([0, 0, 0], [0, 0, 1]))
    couple, single = overlap.where(overlap.true == 0), overlap.where(overlap.true == 1)
    assert pair_shares(couple) == (0.5, 1.0)
    assert pair_shares(single) == (0.0, None)
    assert (single.biggest, single.biggest_true) == (3, 1)


def test_nobody_is_none() -> None:
    """Without members there is no figure."""
    empty = _of(([], []))
    assert (*pair_shares(empty), *b_cubed(empty), exact_share(empty), adjusted_rand(empty)) == (None,) * 6
    assert (empty.groups, empty.biggest) == (0, 0)


def test_one_household_is_perfect() -> None:
    """One home, found as it is; one person alone has no pair to be right about."""
    overlap = _of(([3, 3], [1, 1]))
    assert (*pair_shares(overlap), exact_share(overlap), adjusted_rand(overlap)) == (1.0, 1.0, 1.0, 1.0)
    assert adjusted_rand(_of(([0], [0]))) is None


def test_the_index_of_a_million_does_not_overflow() -> None:
    """All in one group against pairs: the products of pairs pass 64 bits, the figure stays sane."""
    count = 1_000_000
    overlap = Overlap.of(np.zeros(count, dtype=np.int64), np.arange(count) // 2)
    assert adjusted_rand(overlap) == pytest.approx(0, abs=1e-9)
    assert pair_shares(overlap)[0] == pytest.approx(1 / (count - 1))
