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
        ("{{ a.x | euros }}", 12345.5, "es", "12.345,50 €"),
        ("{{ a.x | euros }}", 1234.5, "es", "1234,50 €"),
        ("{{ a.x | euros }}", 1234.5, "en", "€1,234.50"),
        ("{{ a.x | euros }}", -2.5, "en", "-€2.50"),
        ("{{ a.x | euros }}", -0.001, "es", "0 €"),
        ("{{ a.x | number }}", 12345.0, "es", "12.345"),
        ("{{ a.x | number }}", -0.2, "es", "0"),
        ("{{ a.x | gb }}", 2.5, "es", "2,5 GB"),
        ("{{ a.x | gb }}", 0.25, "en", "250 MB"),
        ("{{ a.x | gb }}", 0.9996, "en", "1 GB"),
        ("{{ a.x | date }}", "2026-03-02", "es", "2 de marzo de 2026"),
        ("{{ a.x | date }}", "2026-03-02", "en", "2 March 2026"),
        ("{{ a.x | date }}", "2026-03-02", "xx", "2026-03-02"),
        ("{{ a.x | plural('día', 'días') }}", 1.0, "es", "1 día"),
        ("{{ a.x | plural('día', 'días') }}", 7.0, "es", "7 días"),
        ("{{ a.x | plural('day', 'days') }}", 1.5, "en", "1.5 days"),
        ("{{ a.x | plural('day', 'days') }}", 0.0, "en", "0 days"),
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


@pytest.mark.parametrize(
    "template",
    [
        "{{ a.x }}", "{{ a.x | euros }}", "{{ a.y }}", "{{ b.x | number }}", "{{ a.x | date }}", "{{ a.x | gb }}",
        "{{ a.x | plural('a', 'b') }}",
    ],
)  # fmt: skip
def test_a_missing_value_is_an_error(template: str) -> None:
    """NULL, an unknown member, an unknown namespace: the text cannot be said, and is not."""
    with pytest.raises(MissingValue):
        say(template, {"a.x": None}, "es")


def test_what_is_not_known_is_called_by_its_name() -> None:
    """The full name, as it stands in the template; nothing of the program."""
    with pytest.raises(MissingValue, match=r"\(`action.monthly_eur`\)$"):
        say("{{ action.monthly_eur | euros }}", {"action.monthly_eur": None, "action.saving_eur": None}, "es")
