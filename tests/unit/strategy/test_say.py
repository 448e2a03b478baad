"""Templates filled in: numbers as the language writes them, and nothing half-said."""

import pytest

from hogar.strategy import MissingValue, say


@pytest.mark.parametrize(
    ("template", "value", "language", "said"),
    [
        ("{{ a.x | euros }}", 12.5, "es", "12,50 €"),
        ("{{ a.x | euros }}", 12.5, "en", "€12.50"),
        ("{{ a.x | euros }}", 10.0, "es", "10 €"),
        ("{{ a.x }}", 3.0, "es", "3"),
        ("{{ a.x }}", 3.25, "es", "3,2"),
        ("{{ a.x | number }}", 3.6, "en", "4"),
        ("{{ a.x }} and {{ a.x }}", "fibre", "en", "fibre and fibre"),
        ("{{ a.items }}", None, "en", None),
    ],
)
def test_values_are_said(template: str, value: float | str | None, language: str, said: str | None) -> None:
    """Each filter in each language; a name that Python's mappings also have is just a name."""
    name = "a.items" if "items" in template else "a.x"
    if said is None:
        assert say(template, {name: 1.0}, language) == "1"
    else:
        assert say(template, {name: value}, language) == said


@pytest.mark.parametrize("template", ["{{ a.x }}", "{{ a.x | euros }}", "{{ a.y }}", "{{ b.x | number }}"])
def test_a_missing_value_is_an_error(template: str) -> None:
    """NULL, an unknown member, an unknown namespace: the text cannot be said, and is not."""
    with pytest.raises(MissingValue):
        say(template, {"a.x": None}, "es")
