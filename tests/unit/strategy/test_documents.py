"""Reading YAML with places: what is refused, and where each character of a value stands in its file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hogar.strategy import documents, leaves
from hogar.strategy.documents import Document, Scalar
from hogar.strategy.positions import offset_of, place_in_value


def _value(text: str) -> tuple[Document, Scalar]:
    document = documents.read("a.yml", text)
    assert document.problems == []
    node = documents.child(document.root, "key")
    assert isinstance(node, Scalar)
    return document, node


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("key: one two", (1, 10)),
        ("key:   'one ''x'' two'", (1, 19)),
        ('key: "one \\u0041\\t\\"x\\" two"', (1, 25)),
        ("key: |\n  one\n  two\n", (3, 3)),
        ("key: >-  # a comment with two\n\n    one\n\n    two\n", (5, 5)),
        ("key: one\n  two", (2, 3)),
        ("other: 'é'\nkey: {x: 1}\n".replace("{x: 1}", "né two"), (2, 9)),
    ],
)
def test_a_word_is_found_where_it_stands(text: str, found: tuple[int, int]) -> None:
    """In plain, quoted, literal and folded text, also after escapes, blank lines and accents."""
    document, node = _value(text)
    place = place_in_value(document, node, node.value.index("two"))
    assert (place.line, place.column) == found


@given(st.text(st.sampled_from("ab' \n\"\\é#:-"), max_size=40), st.integers(0, 40))
def test_every_visible_character_of_any_value_is_found(value: str, offset: int) -> None:
    """The character at the place found is the value's own, in each way of writing that YAML has."""
    import yaml

    text = f"key: {yaml.safe_dump(value, allow_unicode=True, width=12, default_style=chr(39)).rstrip()}\n"
    document = documents.read("a.yml", text)
    node = documents.child(document.root, "key")
    if not isinstance(node, Scalar) or offset >= len(node.value) or node.value[offset].isspace():
        return
    place = place_in_value(document, node, offset)
    line = document.text.split("\n")[place.line - 1]
    found = line[place.column - 1 :]
    assert found.startswith(
        (node.value[offset], f"\\{node.value[offset]}")
    )  # an escape begins at its backslash


def test_offsets_of_lines_and_columns() -> None:
    """1-based line and column to a 0-based offset; beyond the text its nearest end."""
    assert [offset_of("ab\ncd", *at) for at in ((1, 1), (2, 2), (9, 9), (1, 99))] == [0, 4, 5, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x\n", "a.yml:2:4: the alias `*x` is not read here; write the value out"),
        ("a: 1\n---\nb: 2\n", "a.yml:2:1: a second document begins; one file, one document"),
        ("[" * 5_000, "a.yml:1:13: is nested more than 12 levels deep"),
        ("a: " + "x" * documents.SIZE_MAX, f"a.yml:1:1: has {documents.SIZE_MAX + 3} characters; at most "),
        ("a: 1\na: 2\n", "a.yml:2:1: `a` stands twice, first in line 1; keep one of them"),
        ("? [a]\n: 1\n", "a.yml:1:3: a key must be one word"),
        ("a: \x07\n", "a.yml:1:4: holds a character that YAML does not allow (U+0007)"),
        ("a: 'b\n", "a.yml:2:1: is not valid YAML: found unexpected end of stream"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    """Aliases, tags, depth, size, duplicates: one problem, with its place, and never an exception."""
    problems = [str(problem) for problem in documents.read("a.yml", text).problems]
    assert len(problems) == 1
    assert problems[0].startswith(said)


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_no_text_makes_reading_fail(content: str | bytes) -> None:
    """Whatever stands in a file, reading it gives nodes or problems."""
    document = documents.read("a.yml", content)
    assert document.root is not None or document.problems or not document.text.strip() or "#" in document.text


@pytest.mark.parametrize("word", ["1_000", "0x10", ".inf", ".nan", "1:30", "one", "'1'", "1e999", "~"])
def test_numbers_are_written_as_people_write_them(word: str) -> None:
    """What YAML 1.1 would quietly take for a number is none here, nor is a number in quotes."""
    document, node = _value(f"key: {word}")
    assert leaves.number(document, node, "`key`") is None
    assert len(document.problems) == 1


def test_country_codes_stay_what_they_are() -> None:
    """`NO` is Norway where a text is asked for, and `off` where a switch is."""
    document, node = _value("key: NO")
    assert leaves.text(document, node, "`key`") == "NO"
    assert leaves.switch(document, node, "`key`") is False
