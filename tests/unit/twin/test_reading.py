"""Are impossible parameters refused, each with its line and the reason?"""

from __future__ import annotations

import pytest

from hogar.cli.twin_files import default_params_text
from hogar.errors import ProblemsFound
from hogar.twin import read_params


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("traffic = 0.30", "traffic = 1.30", "`consent.traffic` is a share, and 1.3 is not within 0 and 1"),
        ("traffic = 0.30", "trafic = 0.30", "did you mean `traffic`"),
        ("single = 0.31", "single = 0.51", "sum to 1.2 instead of 1"),
        ("single = 0.31, ", "", "must have exactly"),
        ("bill_months = 9", "bill_months = 13", "more than the 12 months"),
        ("bill_months = 9", "bill_months = 2.5", "must be a whole number from 1"),
        ("tenure_months = 46.0", "tenure_months = 0", "must be more than 0"),
        ("marketing = 0.62", "marketing = 0.95", "more than everybody"),
        ("sd = 2.8", "sd = -1", "spread below 0"),
        ('now = "2026-03-02T09:00:00Z"', 'now = "today"', "`now` is not a moment"),
        ("[devices]", "[device]", "did you mean `devices`"),
        ("base = -4.2", 'base = "low"', "is not a number"),
        ("sim_from_age = 11", "sim_from_age = 30", "past childhood"),
        ("[segments]", "[segments", "not TOML"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(old, new, expected):
    """One changed parameter gives a problem that stands on its line and says why."""
    text = default_params_text()
    assert old in text
    with pytest.raises(ProblemsFound) as found:
        read_params(text.replace(old, new, 1), "mine.toml")
    assert expected in str(found.value)
    line = text[: text.index(old)].count("\n") + 1
    if "instead" in expected or "share, and" in expected:
        assert f"mine.toml:{line}:1" in str(found.value)


def test_all_problems_come_at_once():
    """Two wrong parameters are two problems."""
    text = default_params_text().replace("typo = 0.025", "typo = 2").replace("fibre = 0.85", "fibre = -1")
    with pytest.raises(ProblemsFound) as found:
        read_params(text)
    assert len(found.value.problems) == 2
