"""Places, problems, the family of errors, and the suggestion for a misspelt word."""

from __future__ import annotations

import pytest

from hogar.errors import HogarError, Place, Problem, ProblemsFound, UsageError, did_you_mean


def problem(line: int, what: str, cure: str = "") -> Problem:
    return Problem(place=Place(file="strategy/policies.yml", line=line, column=3), what=what, cure=cure)


def test_a_place_reads_as_editors_know_it() -> None:
    """A place is file, line and column; without more it is the file's beginning."""
    assert str(Place(file="a.yml", line=4, column=3)) == "a.yml:4:3"
    assert str(Place(file="a.yml")) == "a.yml:1:1"


def test_a_problem_says_where_what_and_the_cure() -> None:
    """The cure follows after a semicolon where there is one."""
    assert str(problem(2, "`x` is unknown")) == "strategy/policies.yml:2:3: `x` is unknown"
    assert str(problem(2, "`x` is unknown", "write `y`")).endswith("`x` is unknown; write `y`")


def test_an_error_s_docstring_is_its_default_message() -> None:
    """An error raised without words says its class's first sentence; with words it says them."""
    assert str(HogarError()) == "Something went wrong in Hogar."
    assert str(UsageError()) == UsageError.__doc__
    assert str(UsageError("no such file")) == "no such file"


def test_every_error_is_of_the_one_family() -> None:
    """Whoever catches `HogarError` catches all that the product raises on purpose."""
    assert issubclass(UsageError, HogarError)
    assert issubclass(ProblemsFound, HogarError)


def test_an_error_without_a_docstring_still_raises() -> None:
    """A class that forgot its docstring does not turn one error into another."""

    class Bare(HogarError):
        pass

    Bare.__doc__ = None
    with pytest.raises(HogarError):
        raise Bare


def test_problems_come_all_at_once_in_order_and_once_each() -> None:
    """Problems are sorted by file, line and column, and told once."""
    found = ProblemsFound([problem(9, "late"), problem(2, "early"), problem(9, "late")])
    assert [each.place.line for each in found.problems] == [2, 9]
    assert str(found).splitlines() == [str(problem(2, "early")), str(problem(9, "late"))]


@pytest.mark.parametrize(
    ("word", "known", "cure"),
    [
        ("eligible_wen", ["eligible_when", "value"], "did you mean `eligible_when`?"),
        ("zzz", ["b", "a"], "there is `a`, `b`"),
        ("zzz", [], ""),
        ("zzz", [f"name_{number}" for number in range(13)], ""),
    ],
)
def test_the_nearest_word_is_suggested(word: str, known: list[str], cure: str) -> None:
    """The nearest known word, else all of a short list, else nothing."""
    assert did_you_mean(word, known) == cure
