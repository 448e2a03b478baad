"""The same bytes for one household and for a batch of any size and order, with either engine, cached or not.

`World(seed)` is a whole random strategy with households; what Hypothesis draws is the seed and how it is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_homes import SCHEMA
from kernel_worlds import World, examples, widened

from hogar import decide
from hogar.decide import Decision, Kernel, asked, inputs
from hogar.expr import rules_numbers

selection_stage = import_module(
    "hogar.decide.stages.selection"
)  # the package gives the function of that name
SEEDS = st.integers(0, 2**32 - 1)
BY_ROW, BY_FRAME = 1_000_000, 0


@contextmanager
def engine(subjects_by_row_max: int) -> Iterator[None]:
    """Rows for up to this many subjects, a frame for more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "SUBJECTS_BY_ROW_MAX", subjects_by_row_max)
        yield


def encoded(decisions: list[Decision]) -> list[bytes]:
    return [decision.encode() for decision in decisions]


@given(seed=SEEDS, data=st.data())
@examples(60)
def test_one_household_and_any_batch_in_any_order(seed: int, data: st.DataObject) -> None:
    """A household's decision has the same bytes alone, among all, and in whatever batch and order."""
    world = World(seed)
    alone = [encoded(world.decisions([number]))[0] for number in range(len(world.homes))]
    assert encoded(world.decisions()) == alone
    order = data.draw(st.permutations(range(len(alone))))
    cut = data.draw(st.integers(0, len(alone)))
    for batch in (order[:cut], order[cut:], order):
        if batch:
            assert encoded(world.decisions(batch)) == [alone[number] for number in batch]


@given(seed=SEEDS)
@examples(80)
def test_rows_and_frames_give_the_same_bytes(seed: int) -> None:
    """Closures over rows and Polars over a frame decide alike, whatever the number of subjects."""
    world = World(seed)
    with engine(BY_ROW):
        by_row = encoded(world.decisions())
    with engine(BY_FRAME):
        by_frame = encoded(world.decisions())
    assert by_row == by_frame


@given(seed=SEEDS)
@examples(60)
def test_how_many_candidates_are_looked_at_first_never_matters(seed: int) -> None:
    """Whether only a household's very best candidates are spelled out at first or all: the same bytes."""
    world = World(seed)
    found = encoded(world.decisions())
    for bits in (1, 50):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(selection_stage, "_NEAR_BITS", bits)
            assert encoded(world.decisions()) == found
            assert [encoded(world.decisions([number]))[0] for number in range(len(found))] == found


@given(seed=SEEDS)
@examples(40)
def test_numbers_asked_one_by_one_or_by_form_give_the_same_bytes(seed: int) -> None:
    """Interest and value by closures, frames or forms decide alike."""
    world = World(seed)
    found = encoded(world.decisions())
    for pairs in (0, 1_000_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rules_numbers, "PAIRS_A_FORM", pairs)
            assert encoded(world.decisions()) == found


@pytest.mark.parametrize("seed", range(6))
def test_one_household_and_a_batch_of_thousands(seed: int) -> None:
    """A batch that is worked off in several blocks by the frame engine says what a household alone gets."""
    world = widened(World(seed, homes_max=30), 2_000)
    batch = world.kernel.decide(world.situation())
    for number in range(0, 2_000, 97):
        assert batch[number].encode() == world.decisions([number])[0].encode()


@given(seed=SEEDS, others=st.lists(SEEDS, max_size=3))
@examples(40)
def test_what_was_asked_before_never_matters(seed: int, others: list[int]) -> None:
    """A kernel that has answered other kinds of request decides as one that is asked for the first time."""
    world = World(seed)
    used = world.kernel
    for other in others:
        list(used.decide(world.situation(request=World(other).request)))
    fresh = decide.bind(world.strategy, SCHEMA)
    assert encoded(list(used.decide(world.situation()))) == encoded(
        list(fresh.decide(world.situation(kernel=fresh)))
    )
    assert encoded(list(used.decide(world.situation()))) == encoded(list(used.decide(world.situation())))


def test_requests_of_many_kinds_forget_the_oldest_and_stay_right() -> None:
    """What is kept of requests is bounded; after the bound decisions are as before."""
    world = World(7)
    before = encoded(world.decisions())
    for number in range(asked.KEPT_MAX + 10):
        request = msgspec.structs.replace(world.request, stopped_actions=(f"none-{number}",))
        world.kernel.decide(world.situation(request=request))
    assert len(world.kernel.asked) <= asked.KEPT_MAX
    assert encoded(world.decisions()) == before


@given(seed=SEEDS)
@examples(30)
def test_bind_is_pure(seed: int) -> None:
    """Binding the same strategy twice gives kernels that decide alike, and deciding changes no input."""
    world = World(seed)
    situation = world.situation()
    first = encoded(list(world.kernel.decide(situation)))
    second: Kernel = decide.bind(replace(world.strategy), SCHEMA)
    assert encoded(list(second.decide(situation))) == first
    assert encoded(list(world.kernel.decide(situation))) == first


@given(seed=SEEDS)
@examples(40)
def test_a_decision_survives_its_bytes(seed: int) -> None:
    """Decoding what was encoded gives an equal decision, and the same bytes again."""
    for decision in World(seed).decisions():
        data = decision.encode()
        assert decide.decode_decision(data) == decision
        assert decide.decode_decision(data).encode() == data
