"""Are the questions the useful ones, spread, the same each time, and without private detail?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hogar.errors import UsageError
from hogar.households.asking import ask, write_questions
from hogar.households.constants import KINDS
from hogar.households.judgements import read_judgements


def _pairs(*rows: tuple[str, str, float, dict[str, Any]]) -> pa.Table:
    """Scored pairs by hand."""
    fields = [("person_a", pa.string()), ("person_b", pa.string()), ("probability", pa.float64())]
    fields += [
        ("declared", pa.bool_()),
        ("contract", pa.bool_()),
        *((kind.name, pa.int32()) for kind in KINDS),
    ]
    schema = pa.schema(fields)
    listed = [
        {**dict.fromkeys(schema.names), "person_a": a, "person_b": b, "probability": probability, **more}
        for a, b, probability, more in rows
    ]
    return pa.Table.from_pylist(listed, schema=schema)


def _alone(pairs: pa.Table) -> pa.Table:
    """Everybody in a household alone."""
    persons = sorted({*pairs["person_a"].to_pylist(), *pairs["person_b"].to_pylist()})
    return pa.table({"person_id": persons, "household_id": [f"H-{one}" for one in persons]})


def _asked(found: pa.Table) -> list[tuple[str, str]]:
    return list(zip(found["person_a"].to_pylist(), found["person_b"].to_pylist(), strict=True))


def test_what_may_change_is_asked_first() -> None:
    """A likely link that does not stand, then an unlikely one; what stands and is likely comes last."""
    pairs = _pairs(("a", "b", 0.02, {}), ("c", "d", 0.45, {"names": 1}), ("e", "f", 0.97, {"names": 2}))
    membership = pa.table({"person_id": list("abcdef"), "household_id": ["1", "2", "3", "4", "5", "5"]})
    assert _asked(ask(pairs, 3, membership=membership)) == [("c", "d"), ("e", "f"), ("a", "b")]


def test_what_is_settled_is_not_asked() -> None:
    """Declared, by contract alone because one objects, or judged before."""
    pairs = _pairs(
        ("a", "b", 0.98, {"declared": True}),
        ("c", "d", 0.5, {"contract": False}),
        ("e", "f", 0.5, {}),
        ("g", "h", 0.4, {}),
    )
    judged = pa.table({"person_a": ["e"], "person_b": ["f"]})
    assert _asked(ask(pairs, 9, membership=_alone(pairs), judged=judged)) == [("g", "h")]


def test_one_home_waits_for_the_others() -> None:
    """The second pair that touches a home comes after all pairs of other homes, however useful it is."""
    pairs = _pairs(("a", "b", 0.5, {}), ("a", "c", 0.49, {"names": 1}), ("d", "e", 0.01, {"names": 2}))
    assert _asked(ask(pairs, 3, membership=_alone(pairs))) == [("a", "b"), ("d", "e"), ("a", "c")]


def test_evidence_is_spread_and_weighs() -> None:
    """Of like patterns the one that more pairs share comes first, and the second of a pattern after another pattern."""
    often = [(f"a{i}", f"b{i}", 0.4, {"names": 1}) for i in range(8)]
    pairs = _pairs(*often, ("x", "y", 0.4, {"names": 2}), ("z", "zz", 0.3, {"names": 3}))
    asked = _asked(ask(pairs, 4, membership=_alone(pairs)))
    assert asked[0] == ("a0", "b0")
    assert set(asked[:4]) == {("a0", "b0"), ("a1", "b1"), ("x", "y"), ("z", "zz")}


def test_questions_speak_of_classes_of_evidence() -> None:
    """Each kind that was observed in its words, nothing of the others; columns to fill in are empty."""
    pairs = _pairs(("a", "b", 0.123456, {"names": 2, "address": 0}), ("c", "d", 0.1, {}))
    first, second = ask(pairs, 2, membership=_alone(pairs)).to_pylist()
    words = {kind.name: kind.words for kind in KINDS}
    assert first["evidence"] == f"address: {words['address'][0]}; names: {words['names'][2]}"
    assert second["evidence"] == "nothing observed"
    assert first["probability"] == 0.123
    assert first["together"] is first["rater"] is None


def test_what_is_filled_in_is_read_back(tmp_path: Path) -> None:
    """The file of questions, with two answers, is a file of judgements."""
    pairs = _pairs(("P-a", "P-b", 0.5, {"names": 1}), ("P-c", "P-d", 0.4, {}), ("P-e", "P-f", 0.3, {}))
    path = tmp_path / "questions.csv"
    write_questions(ask(pairs, 3, membership=_alone(pairs)), path)
    lines = path.read_text().splitlines()
    answered = [lines[0], lines[1][:-1] + "yes,Ana", lines[2][:-1] + "no,Ana", *lines[3:]]
    path.write_text("\n".join(answered))
    persons = [f"P-{one}" for one in "abcdef"]
    found = read_judgements([path], pa.table({"party_id": list("abcdef"), "person_id": persons}))
    assert found.problems == ()
    assert [(row.person_a, row.word) for row in found.rows] == [("P-a", "yes"), ("P-c", "no")]


def test_nothing_cannot_be_asked() -> None:
    """At least one pair; of no pairs there are no questions."""
    with pytest.raises(UsageError, match="one or more"):
        ask(_pairs(), 0, membership=_alone(_pairs()))
    assert len(ask(_pairs(), 5, membership=pa.table({"person_id": ["a"], "household_id": ["h"]}))) == 0


PEOPLE = [f"p{i:02}" for i in range(12)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.floats(0, 1), st.integers(0, 3)),
        unique_by=lambda row: frozenset(row[:2]),
    ),
    st.lists(st.integers(0, 5), min_size=12, max_size=12),
    st.integers(1, 30),
)
def test_as_many_as_there_are_and_the_same_each_time(
    rows: list[tuple[str, str, float, int]], homes: list[int], n: int
) -> None:
    """Different pairs, as many as asked for or all; homes are spread while others remain; order does not matter."""
    listed = [(*sorted(row[:2]), row[2], {"names": row[3]}) for row in rows if row[0] != row[1]]
    pairs = _pairs(*listed)  # type: ignore[arg-type]
    home = dict(zip(PEOPLE, homes, strict=True))
    membership = pa.table({"person_id": PEOPLE, "household_id": [f"h{home[one]}" for one in PEOPLE]})
    found = ask(pairs, n, membership=membership)
    turned = pairs.take(pa.array(range(len(pairs) - 1, -1, -1), pa.int64()))
    assert found.equals(ask(turned, n, membership=membership))
    asked = _asked(found)
    assert len(asked) == len(set(asked)) == min(n, len(pairs))
    touched: set[int] = set()
    for a, b in asked:
        if {home[a], home[b]} & touched:  # then no pair of untouched homes was left
            rest = set(_asked(pairs)) - set(asked[: asked.index((a, b))])
            assert not any({home[x], home[y]}.isdisjoint(touched) for x, y in rest)
            break
        touched |= {home[a], home[b]}
