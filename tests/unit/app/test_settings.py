"""Is everything that is wrong in hogar.toml told at once, with its line and a cure?"""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hogar.app import judgements_problem, read_settings
from hogar.cli import app
from hogar.errors import ProblemsFound


def _project(folder: Path, households: str) -> Path:
    (folder / "hogar.toml").write_text(f"[households]\n{households}\n", encoding="utf-8")
    return folder


def test_every_wrong_value_of_a_list_is_told(tmp_path: Path) -> None:
    """Not only the first one; what is right beside them is no excuse."""
    with pytest.raises(ProblemsFound) as found:
        read_settings(_project(tmp_path, 'without = ["plce", "ties", "nmes"]'))
    assert [str(problem) for problem in found.value.problems] == [
        "hogar.toml:2:1: `without` cannot hold `nmes`; did you mean `names`?",
        "hogar.toml:2:1: `without` cannot hold `plce`; did you mean `place`?",
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('offnet = "yes"', "`offnet` must be true or false"),
        ("unit = 1", "`unit` must be a text"),
        ("without = 1", "`without` must be a text or a list of texts"),
        ('unit = "flat"', "`unit` cannot be `flat`"),
        ("[publish]\napprovals = 3", "`approvals` cannot be `3`"),
        ("[publish]\napprovals = true", "`approvals` must be a whole number"),
        ('[publish]\ncontrol_approvals = "2"', "`control_approvals` must be a whole number"),
    ],
)
def test_a_wrong_type_is_told_in_words(tmp_path: Path, written: str, told: str) -> None:
    """The message is a sentence."""
    with pytest.raises(ProblemsFound, match=told):
        read_settings(_project(tmp_path, written))


def test_judgements_that_are_not_there_are_told_with_their_line(tmp_path: Path) -> None:
    """Line 3 names the file; the settings themselves can be read, so that decisions go on."""
    settings = read_settings(_project(tmp_path, 'unit = "household"\njudgements = "judged.csv"'))
    problem = judgements_problem(settings)
    assert str(problem).startswith("hogar.toml:3:1: there is no file `judged.csv`; it must lie at ")
    (tmp_path / "judged.csv").write_text("person_a,person_b,together,rater\n")
    assert judgements_problem(settings) is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (None, "hogar.toml:2:1: there is no file"),
        ("person_a,person_b,together\na,b,yse\n", "judged.csv:2:3: `yse`"),
    ],
)
def test_check_reads_the_judgements(tmp_path: Path, written: str | None, told: str) -> None:
    """A file that is missing, and a word that is none; somebody who is nobody is no problem of the file."""
    project = _project(tmp_path, 'judgements = "judged.csv"')
    if written is not None:
        (project / "judged.csv").write_text(written + "nobody,noone,yes\n")
    ran = CliRunner().invoke(app, ["check", "--project", str(project)])
    assert ran.exit_code == 1
    assert told in ran.stderr
    assert "nobody" not in ran.stderr
