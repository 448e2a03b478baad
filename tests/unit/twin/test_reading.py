"""Are impossible parameters refused, each with its file, its line and the reason? And what does a regime change?"""

from __future__ import annotations

import re
from importlib import resources

import pytest

from hogar.cli.twin_files import default_params, default_params_text, params_from
from hogar.errors import ProblemsFound, UsageError
from hogar.twin import REGIMES, read_params


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            r"(?m)^traffic = \S+",
            "traffic = 1.30",
            "`consent.traffic` is a share, and 1.3 is not within 0 and 1",
        ),
        (r"(?m)^traffic = \S+", "trafic = 0.30", "did you mean `traffic`"),
        (r"\bsingle = \S+,", "single = 0.90,", "instead of 1"),
        (r"\bsingle = \S+, ", "", "must have exactly"),
        (r"(?m)^bill_months = \S+", "bill_months = 13", "more than the 12 months"),
        (r"(?m)^bill_months = \S+", "bill_months = 2.5", "must be a whole number from 1"),
        (r"(?m)^tenure_months = \S+", "tenure_months = 0", "must be more than 0"),
        (r"(?m)^marketing = \S+", "marketing = 0.95", "more than everybody"),
        (r"\bsd = [\d.]+", "sd = -1", "spread below 0"),
        (r"(?m)^now = \S+", 'now = "today"', "`now` is not a moment"),
        (r"(?m)^\[devices\]", "[device]", "did you mean `devices`"),
        (r"(?m)^base = \S+", 'base = "low"', "is not a number"),
        (r"(?m)^sim_from_age = \S+", "sim_from_age = 30", "past childhood"),
        (r"(?m)^\[segments\]", "[segments", "not TOML"),
        (r"(?m)^regime = \S+", 'regime = "spein"', "is none of spain, one-name, keep-name, prepaid"),
        (r"(?m)^surnames = \S+", 'surnames = "none"', "is none of two-surnames, one-name, keep-name"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(old, new, expected):
    """One changed parameter gives a problem that stands on its line and says why."""
    text = default_params_text()
    place = re.search(old, text)
    assert place
    with pytest.raises(ProblemsFound) as found:
        read_params(re.sub(old, new, text, count=1), "mine.toml")
    assert expected in str(found.value)
    line = text[: place.start()].count("\n") + 1
    if "did you mean `dev" not in expected and "more than everybody" not in expected:
        assert f"mine.toml:{line}:1" in str(found.value)


def test_all_problems_come_at_once():
    """Two wrong parameters are two problems."""
    text = re.sub(
        r"(?m)^typo = \S+", "typo = 2", re.sub(r"(?m)^late = \S+", "late = -1", default_params_text())
    )
    with pytest.raises(ProblemsFound) as found:
        read_params(text)
    assert len(found.value.problems) == 2


@pytest.mark.parametrize("regime", REGIMES)
def test_every_regime_is_a_market_that_can_be(regime):
    """The shipped file is Spain; the others change what their name says and nothing of the clock."""
    params = params_from(None, regime)
    assert params.regime == regime
    assert params.now == default_params().now
    names = {"one-name": "one-name", "keep-name": "keep-name"}.get(regime, "two-surnames")
    assert params.names.surnames == names
    assert (min(params.contracts.prepaid.values()) > 0.6) == (regime == "prepaid")


def test_a_regime_holds_nothing_but_what_differs():
    """Each value of a regime's file is another than the shipped one."""
    folder = resources.files("hogar.twin") / "params"
    base = default_params()
    for regime in REGIMES[1:]:
        text = (folder / f"{regime}.toml").read_text(encoding="utf-8")
        other = read_params(default_params_text(), overlay=(text, regime))
        section = ""
        for line in text.splitlines():
            if head := re.match(r"\[(\w+)\]", line):
                section = head[1]
            elif (key := re.match(r"(\w+) =", line)) and section:
                old, new = (getattr(getattr(params, section), key[1]) for params in (base, other))
                assert old != new, f"{regime}: {section}.{key[1]}"


def test_a_problem_of_a_regime_names_the_regimes_file():
    """What the upper file says wrongly is found there; what is missing below, below."""
    over = '\nregime = "prepaid"\n\n[contracts]\nfamily_plan = 2\nfamily_plam = 0.1\n'
    below = re.sub(r"(?m)^late = \S+", "late = 7", default_params_text())
    with pytest.raises(ProblemsFound) as found:
        read_params(below, "below.toml", overlay=(over, "over.toml"))
    assert "over.toml:5:1: `contracts.family_plan` is a share" in str(found.value)
    assert "over.toml:6:1: `contracts.family_plam` is not a parameter" in str(found.value)
    assert "below.toml" in str(found.value)


def test_a_missing_or_foreign_parameter_file_is_said_so(tmp_path):
    """The path stands in the message; bytes that are no text, and Spain asked of another country's file, too."""
    with pytest.raises(UsageError, match=r"no\.toml"):
        params_from(tmp_path / "no.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"bytes\.toml"):
        params_from(tmp_path / "bytes.toml")
    mine = tmp_path / "mine.toml"
    mine.write_text(default_params_text().replace('regime = "spain"', 'regime = "prepaid"'), encoding="utf-8")
    with pytest.raises(UsageError, match="describes the regime prepaid"):
        params_from(mine, "spain")
