"""Expressions are taken apart and put together without changing what they mean."""

from __future__ import annotations

import pytest

from hogar.errors import Place, ProblemsFound
from hogar.expr import conjuncts, parse, row, source, substitute
from hogar.telco.catalogue import FeatureType

PLACE = Place(file="a.yml", line=4, column=10)
SCHEMA: dict[str, FeatureType] = {
    "h.a": "number",
    "h.b": "number",
    "h.p": "boolean",
    "h.end": "boolean",
    "h.t": "text",
}


def parts(text: str) -> list[tuple[str, str]]:
    """The conjuncts' texts and places."""
    return [(part.text, str(part.place)) for part in conjuncts(parse(text, PLACE, SCHEMA))]


def test_conjuncts_keep_their_text_and_place():
    """`and` inside `between`, `case` and parentheses with `or` does not split; outer parentheses go."""
    text = "(h.a between 1 and 2 and\n (h.p or h.a = 1 and h.p))\n and case when h.p and h.end then h.end end"
    assert parts(text) == [
        ("h.a between 1 and 2", "a.yml:4:11"),
        ("h.p or h.a = 1 and h.p", "a.yml:5:3"),
        ("case when h.p and h.end then h.end end", "a.yml:6:6"),
    ]


@pytest.mark.parametrize("text", ["h.p or h.a = 1", "not (h.p and h.end)", "(h.p and h.end) is true", "h.p"])
def test_what_is_no_and_is_its_only_conjunct(text):
    """Without a top-level `and` the expression itself comes back."""
    expression = parse(text, PLACE, SCHEMA)
    assert conjuncts(expression) == (expression,)


def test_each_conjunct_means_its_text():
    """A conjunct's text, parsed alone, gives its tree."""
    text = "h.p and (h.a > 1 and (h.t like 'x and y' and not h.end)) and h.b between h.a and 2"
    pieces = conjuncts(parse(text, PLACE, SCHEMA))
    assert [parse(piece.text, PLACE, SCHEMA).node for piece in pieces] == [piece.node for piece in pieces]
    assert len(pieces) == 5


def test_substitute_renames_and_replaces_at_once():
    """Names are exchanged, not replaced one after the other; an `and` put into an `and` becomes part of it."""
    expression = parse("h.a > h.b and h.p", PLACE, SCHEMA)
    both = parse("h.end and h.a < 9", PLACE, SCHEMA)
    new = substitute(expression, {"h.a": "h.b", "h.b": "h.a", "h.p": both})
    assert source(new) == 'h.b > h.a AND h."end" AND h.a < 9'
    assert [piece.text for piece in conjuncts(new)] == ["h.b > h.a", 'h."end"', "h.a < 9"]
    assert new.names == {"h.a", "h.b", "h.end"}
    assert row(new, {"h.a": 0, "h.b": 1, "h.end": 2})([1.0, 2.0, True]) is True


def test_substitute_leaves_others_alone():
    """Without one of the names the expression stays the same object."""
    expression = parse("h.a > 1", PLACE, SCHEMA)
    assert substitute(expression, {"h.b": "h.a"}) is expression


def test_substitute_is_bounded_and_typed():
    """A result that outgrows the bounds is a problem; another type is our own mistake."""
    wide = parse(" and ".join(["h.p"] * 20), PLACE, SCHEMA)
    with pytest.raises(ProblemsFound, match="outgrows"):
        substitute(parse(" or ".join(["h.p"] * 20), PLACE, SCHEMA), {"h.p": wide})
    with pytest.raises(ValueError, match="is number"):
        substitute(parse("h.a > 1", PLACE, SCHEMA), {"h.a": wide})


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("not (h.p or h.end) and (h.p or h.end)", 'NOT (h.p OR h."end") AND (h.p OR h."end")'),
        ("(h.a - (h.b - 1)) * -2 > 0.5", "(h.a - (h.b - 1)) * -2 > 0.5"),
        ("(h.a - h.b) - 1 > -(-h.a)", "h.a - h.b - 1 > -(-h.a)"),
        ("h.a / h.b = 1 / 3", "h.a / NULLIF(h.b, 0) = 1e0 / 3e0"),
        ("h.a / 4 in (0.25, 2)", "h.a / 4 IN (0.25, 2)"),
        ("(h.p = h.end) is not true", 'NOT (h.p = h."end") IS TRUE'),
        ("case when h.p then 0.1 end < 1", "CASE WHEN h.p THEN 0.1e0 ELSE NULL END < 1"),
        ("h.t not like 'a''b%'", "NOT h.t LIKE 'a''b%'"),
        (
            "date '2026-01-01' - date '2025-01-01' > 3",
            "CAST('2026-01-01' AS DATE) - CAST('2025-01-01' AS DATE) > 3",
        ),
        ("round(least(h.a, h.b), 2) > 1", "ROUND(LEAST(h.a, h.b), 2) > 1"),
    ],
)
def test_canonical_text(text, canonical):
    """The canonical text has the parentheses that it needs, and is DuckDB's."""
    assert source(parse(text, PLACE, SCHEMA)) == canonical
