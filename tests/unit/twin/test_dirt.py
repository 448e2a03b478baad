"""Does dirt come as often as its parameters say, and in the forms that clerks make?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from hogar.twin.chance import Chance
from hogar.twin.dirt import each, empty, extract, lose, misspell, smudge, some, without_accents
from hogar.twin.mistakes import SHAPES, SOUNDS, mistake, replaced, slip
from hogar.twin.tokens import day_texts, moment_texts, tokens

WORDS = np.array(["García Núñez", "Rodríguez", "Calle Mayor", "Velázquez"] * 2500, dtype=object)


def rng(seed=1):
    return Chance(seed).stream("dirt")


@pytest.fixture
def dirt(params):
    return params.dirt


def test_no_dirt_changes_nothing(dirt):
    """At level 0 every cell stays, no row is doubled, spoiled or lost; only the order is random."""
    clean = replace(dirt, level=0.0)
    assert (smudge(WORDS, clean, rng()) == WORDS).all()
    assert (lose(WORDS, clean, rng()) == WORDS).all()
    table = extract({"word": WORDS}, clean, rng(), invalid=(("word", "X"),))
    assert sorted(table.column("word").to_pylist()) == sorted(WORDS)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mistakes_come_as_often_as_febrl_makes_them(dirt, seed):
    """5 to 10 % of fields are selected (Febrl); some words have nothing to mistake."""
    changed = np.mean(misspell(WORDS, dirt, rng(seed)) != WORDS)
    assert 0.04 <= changed <= 0.10
    assert np.mean(misspell(WORDS, replace(dirt, level=2.0), rng(seed)) != WORDS) > 1.6 * changed


def test_a_mistake_is_one_of_three_kinds():
    """A slip changes one letter, a sound or a shape the characters that sound or look alike."""
    assert mistake("Velázquez", (0.1, 0.2, 0.5)) == slip("Velázquez", 0.2, 0.5) == "Veázquez"
    assert mistake("Gálvez", (0.5, 0.0, 0.0)) == "Gálbez"
    assert replaced("Bernal", SHAPES, 0.0) == "Bemal"
    assert replaced("Ullo", (("x", "s"),), 0.5) == "Ullo"
    assert mistake("Li", (0.1, 0.2, 0.5)) == "Li"
    assert all(old != new for old, new in (*SOUNDS, *SHAPES))


def test_an_extract_is_a_file_in_random_order(dirt):
    """Text in the order of the columns, encoding and delimiter beside it, empty cells as nulls, some rows twice."""
    numbers = np.arange(20_000)
    columns = {"id": numbers.astype(str).astype(object), "word": np.where(numbers % 2, "x", "").astype(object),
               "number": numbers, "days": pa.array(numbers.tolist(), pa.int32())}  # fmt: skip
    table = extract(columns, dirt, rng(), encoding="latin-1", delimiter=";")
    assert table.column_names == ["id", "word", "number", "days"]
    assert table.schema.metadata == {b"encoding": b"latin-1", b"delimiter": b";"}
    assert all(field.type == pa.string() for field in table.schema)
    ids = table.column("id").to_pylist()
    assert len(ids) == 20_000 + round(20_000 * dirt.duplicate_rows)
    assert len(set(ids)) == 20_000
    assert ids == table.column("number").to_pylist() == table.column("days").to_pylist()
    assert {word for word in table.column("word").to_pylist() if word} == {"x"}
    assert table.column("word").null_count > 9000
    assert ids[:100] != sorted(ids, key=int)[:100]
    assert table.equals(extract(columns, dirt, rng(), encoding="latin-1", delimiter=";"))


def test_few_rows_are_spoiled_each_in_its_own_column(dirt):
    """At least one row of each way, about as many in all as the parameter says; none in a tiny file."""
    columns = {"a": WORDS, "b": WORDS}
    table = extract(columns, dirt, rng(), invalid=(("a", "bad"), ("b", "worse"), ("b", "worst")))
    bad = [
        table.column(name).to_pylist().count(value)
        for name, value in (("a", "bad"), ("b", "worse"), ("b", "worst"))
    ]
    assert all(bad)
    assert 0.5 <= sum(bad) / (dirt.invalid_rows * len(WORDS)) <= 2
    tiny = extract({"a": WORDS[:10]}, dirt, rng(), invalid=(("a", "bad"),))
    assert "bad" not in tiny.column("a").to_pylist()
    assert extract({"a": WORDS[:0]}, dirt, rng(), invalid=(("a", "bad"),)).num_rows == 0


def test_cells_are_changed_where_asked_and_empty_ones_stay():
    """`some`, `each` and `empty` leave None and "" as they are and the given column untouched."""
    given = np.array(["Ávila", None, "", "León"], dtype=object)
    where = np.array([True, True, True, False])
    assert some(given, where, str.upper).tolist() == ["ÁVILA", None, "", "León"]
    assert each(given, without_accents).tolist() == ["Avila", None, "", "Leon"]
    assert empty(given, where).tolist() == [None, None, None, "León"]
    assert given.tolist() == ["Ávila", None, "", "León"]


def test_days_moments_and_tokens_are_written_as_systems_do():
    """What never came is None; a token repeats for the same number and differs between kinds."""
    days = np.array(["2024-02-29", "NaT"], dtype="datetime64[D]")
    assert day_texts(days, "%d/%m/%Y").tolist() == ["29/02/2024", None]
    at = np.array(["2026-03-01T08:00:05", "NaT"], dtype="datetime64[s]")
    assert moment_texts(at).tolist() == ["2026-03-01T08:00:05Z", None]
    assert moment_texts(at, "%d/%m/%Y %H:%M").tolist() == ["01/03/2026 08:00", None]
    one, same, none = tokens(b"key", "email", np.array([7, 7, -1]), 20)
    assert one == same
    assert len(one) == 20
    assert none is None
    assert tokens(b"key", "bank", np.array([7]), 20)[0] != one
    assert tokens(b"another", "email", np.array([7]), 20)[0] != one, "nobody undoes a hash without its key"
