"""Are impossible parameters refused, each with its file, its line and the reason? And what does a regime change?"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC
from importlib import resources

import pytest

from hogar.cli.twin_files import default_params, default_params_text, params_from
from hogar.errors import ProblemsFound, UsageError
from hogar.twin import REGIMES, generate, read_params
from hogar.twin.parameters import SECTIONS
from hogar.twin.parameters.rules import BY_AGE, BY_HEART, BY_KIND, BY_PAYMENT, HOURS, SHARES, TEXT

RISKY = (
    "onnet.homes_unserved", "places.homes_per_building", "places.houses", "places.lodging_homes",
    "work.size_tail", "contracts.tenure_months", "use.usage_days", "use.friends", "use.offnet_alters",
    "offnet.strangers_per_user", "leaving.base", "network.dropped", "network.mobile_outages_year",
    "traffic.circle", "traffic.friend_sigma", "traffic.couple_calls", "traffic.texts_per_call", "traffic.sessions",
    "traffic.weekend", "trips.days", "events.late_sigma", "dirt.level", "segments.share", "tastes.home_part",
)  # fmt: skip
NOW = r"(?m)^now = \S+"
BASE = r"(?m)^base = \S+"
FAMILY = r"(?m)^family_children = \{[^}]*\}"
SINGLES = r"(?m)^single_ages = \{[^}]*\}"


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
        (r"(?m)^bill_months = \S+", "bill_months = 13", "must be a whole number from 1 to 12"),
        (r"(?m)^bill_months = \S+", "bill_months = 2.5", "must be a whole number from 1"),
        (r"(?m)^tenure_months = \S+", "tenure_months = 0", "must be within 0.001 and 600, and is 0"),
        (r"(?m)^marketing_some = \S+", "marketing_some = 0.50", "are together more than all"),
        (r"(?m)^objection = \S+", "objection = 0.50", "are together more than all"),
        (r"(?m)^age_part = \S+", "age_part = 0.70", "are together more than all"),
        (r"(?m)^handed_to_friends = \S+", "handed_to_friends = 0.90", "are together more than all"),
        (r"\bsd = [\d.]+", "sd = -1", "of `sd` must be within 0 and 20"),
        (NOW, 'now = "today"', "`now` is not a moment"),
        (NOW, "now = 2026-03-02T09:00:00Z", "quote it"),
        (NOW, 'now = "0001-01-01T00:00:00+05:00"', "`now` is not a moment"),
        (NOW, 'now = "1979-12-31T23:00:00Z"', "not within the years 1980 to 2199"),
        (r"(?m)^version = \S+", 'version = ""', "`version` is no text"),
        (r"(?m)^\[devices\]", "[device]", "did you mean `devices`"),
        (BASE, 'base = "low"', "is not a number"),
        (BASE, "base = nan", "must be within -20 and 20, and is nan"),
        (BASE, "base = 0x" + "f" * 5000, "and is far beyond"),
        (BASE, "base = " + "9" * 5000, "not TOML"),
        (BASE, "base = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        (r"(?m)^level = \S+", "level = 11", "must be within 0 and 10, and is 11"),
        (r"(?m)^homes_unserved = \S+", "homes_unserved = 1.0", "is not within 0 and 0.95"),
        (FAMILY, "family_children = { 6 = 1.0 }", "whole numbers from 1 to 5 as keys"),
        (FAMILY, 'family_children = { "²" = 1.0 }', "whole numbers from 1 to 5 as keys"),
        (FAMILY, 'family_children = { "01" = 1.0 }', "whole numbers from 1 to 5 as keys"),
        (SINGLES, "single_ages = { 16 = 1.0 }", "rising whole years from 18"),
        (SINGLES, "single_ages = { 150 = 1.0 }", "rising whole years from 18"),
        (SINGLES, "single_ages = { x = 1.0 }", "rising whole years from 18"),
        (SINGLES, "single_ages = { 30 = 0.5, 20 = 0.5 }", "rising whole years from 18"),
        (SINGLES, f"single_ages = {{ 1{'0' * 20} = 1.0 }}", "rising whole years from 18"),
        (r"(?m)^hearts = \{[^}]*\}", "hearts = { curious = 1.0 }", "exactly curious, indifferent, hostile"),
        (r"(?m)^call_hours = \S+ ", "call_hours = [", "must be 24 numbers from 0"),
        (r"(?m)^data_hours = .*", f"data_hours = {[0] * 24}", "must be 24 numbers from 0"),
        (r"(?m)^sim_from_age = \S+", "sim_from_age = 30", "whole number from 1 to 17, and is 30"),
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
        read_params(re.sub(old, lambda _: new, text, count=1), "mine.toml")
    assert expected in str(found.value)
    line = text[: place.start()].count("\n") + 1
    if "did you mean `dev" not in expected and "nested" not in expected and "99999" not in new:
        assert f"mine.toml:{line}:1" in str(found.value)


def test_all_problems_come_at_once():
    """Two wrong parameters are two problems."""
    text = re.sub(
        r"(?m)^typo = \S+", "typo = 2", re.sub(r"(?m)^late = \S+", "late = -1", default_params_text())
    )
    with pytest.raises(ProblemsFound) as found:
        read_params(text)
    assert len(found.value.problems) == 2


def test_what_is_impossible_together_is_said_beside_what_is_impossible_alone():
    """A wrong share in one section does not hide a wrong sum in another."""
    text = re.sub(r"(?m)^typo = \S+", "typo = 2", default_params_text())
    with pytest.raises(ProblemsFound) as found:
        read_params(re.sub(r"(?m)^age_part = \S+", "age_part = 0.9", text))
    assert len(found.value.problems) == 2


def test_an_empty_file_is_one_problem():
    """Not two hundred missing parameters."""
    with pytest.raises(ProblemsFound, match=r"mine\.toml:1:1: is empty; copy the default") as found:
        read_params("# nothing yet\n", "mine.toml")
    assert len(found.value.problems) == 1


def test_a_byte_order_mark_is_no_problem():
    """Some editors put one in front."""
    assert read_params("\ufeff" + default_params_text()) == default_params()


def test_now_is_utc_whatever_its_offset():
    """09:00 in UTC is 14:00 five hours east: one moment, one market."""
    east = read_params(re.sub(NOW, 'now = "2026-03-02T14:00:00+05:00"', default_params_text()))
    assert east == default_params()
    assert east.now.tzinfo is UTC
    one, other = generate(100, 1, east), generate(100, 1, default_params())
    assert (one.now, one.events) == (other.now, other.events)
    assert all(table.equals(other.silos[path]) for path, table in one.silos.items())


def test_the_order_of_a_tables_keys_changes_nothing():
    """Cash last or first: the same means of payment."""
    turned = re.sub(
        r"(?m)^payment = \{ (.*), (cash = \S+) \}", r"payment = { \2, \1 }", default_params_text()
    )
    assert turned != default_params_text()
    payment = read_params(turned).contracts.payment
    assert list(payment.items()) == list(default_params().contracts.payment.items())


def test_every_number_has_bounds():
    """No parameter can take memory or time without end; keys of sizes and ages are bounded too."""
    of_themselves = {TEXT, HOURS, SHARES, BY_KIND, BY_AGE, BY_PAYMENT, BY_HEART}
    for name, kind in SECTIONS.items():
        for one in fields(kind):
            rule, least, most = (one.metadata[key] for key in ("rule", "least", "most"))
            if rule not in of_themselves:
                assert None not in (least, most), f"{name}.{one.name}"
                assert least < most, f"{name}.{one.name}"


@pytest.mark.parametrize("name", RISKY)
@pytest.mark.parametrize("end", ["least", "most"])
@pytest.mark.filterwarnings("error")
def test_a_market_comes_about_at_each_bound(name, end):
    """Both ends of a parameter are possible: nothing divides by zero, overflows or waits for ever."""
    section, key = name.split(".")
    bound = {one.name: one.metadata for one in fields(SECTIONS[section])}[key][end]
    params = default_params()
    part = replace(getattr(params, section), **{key: bound})
    assert generate(100, 1, replace(params, **{section: part})).silos


@pytest.mark.parametrize("now", ["1980-01-01T00:00:00Z", "2199-12-31T23:59:59Z"])
def test_a_market_comes_about_at_the_ends_of_time(now):
    """The first and the last moment that are possible."""
    assert generate(100, 1, read_params(re.sub(NOW, f'now = "{now}"', default_params_text()))).silos


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
