"""What does `hogar check` say and return? Problems and warnings apart, one case alone, with and without customers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hogar as package

TEMPLATE = Path(package.__file__).parent / "templates" / "acme"
SECOND_LINE = Path("strategy/actions/second_line.yml")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one's own that has not been built."""
    return Path(shutil.copytree(TEMPLATE, tmp_path / "mine"))


def change(project: Path, old: str, new: str) -> None:
    """Write something else into an action."""
    path = project / SECOND_LINE
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_project(hogar: Callable[..., Any], project: Path) -> None:
    """Nothing wrong, nothing to warn of, every case run, no customers to look at."""
    ran = hogar("check", "--project", project, "--strict", "--json")
    assert ran.code == 0
    assert ran.json["problems"] == ran.json["warnings"] == []
    assert ran.json["cases"] >= 30
    assert ran.json["households"] == 0


def test_warnings_stop_only_the_strict(hogar: Callable[..., Any], project: Path) -> None:
    """A contradiction is told at its place, apart from problems; `--strict` makes it count."""
    change(project, "household.mobile_lines = 1", "household.mobile_lines = 1 and household.mobile_lines > 2")
    case = project / "tests" / "plans.yml"
    case.write_text(
        case.read_text(encoding="utf-8").replace("expect: {action: second_line}", "expect: nothing")
    )
    ran = hogar("check", "--project", project)
    assert ran.code == 0
    assert "no problem, 1 warning" in ran.out
    assert ran.err.startswith(
        f"warning: {SECOND_LINE.as_posix()}:8:36: action `second_line` can never be proposed"
    )
    strict = hogar("check", "--project", project, "--strict", "--json")
    assert strict.code == 1
    assert strict.json["problems"] == []
    assert [(each["file"], each["line"]) for each in strict.json["warnings"]] == [(SECOND_LINE.as_posix(), 8)]


def test_problems_come_first(hogar: Callable[..., Any], project: Path) -> None:
    """With a problem the strategy cannot be read, so there is nothing to warn of in it yet."""
    change(project, "interest:", "intrest:")
    ran = hogar("check", "--project", project, "--json")
    assert ran.code == 1
    assert "did you mean `interest`?" in [each["cure"] for each in ran.json["problems"]]


def test_one_case_alone(hogar: Callable[..., Any], project: Path) -> None:
    """By its name; a name that is not there finds its neighbour."""
    name = "two messages this week are enough"
    assert hogar("check", "--project", project, "--case", name, "--json").json["cases"] == 1
    ran = hogar("check", "--project", project, "--case", "two mesages this week are enough")
    assert ran.code == 2
    assert f"did you mean `{name}`?" in ran.err


def test_short_cures_say_what_there_is(project: Path, hogar: Any) -> None:
    """A role by its everyday name, words one level too high, a query that cannot run; and nothing of publishing."""
    change(project, "roles_needed: [", "roles_needed: [payer, ")
    sql = project / "features/line_contract.sql"
    sql.write_text(sql.read_text(encoding="utf-8").replace("FROM line", "FROM linee", 1), encoding="utf-8")
    tv = project / "strategy/actions/tv_basic.yml"
    tv.write_text(
        tv.read_text(encoding="utf-8").replace("  web:\n    es:", "  web:\n    roles:", 1), encoding="utf-8"
    )
    ran = hogar("check", "--project", project)
    said = " ".join(ran.err.split())
    assert ran.code == 1
    assert "`payer` is not a role; did you mean `financial_controller`?" in said
    assert "features/line_contract.sql:" in said
    assert "there is no table `linee" in said
    assert "`roles` stands below a language; write `es: {text: ..., roles: ...}`" in said
    assert "nothing was published" not in said
    assert "there are" in hogar("check", "--project", project, "--case", "nope", "--json").json.get(
        "error", "there are"
    )
