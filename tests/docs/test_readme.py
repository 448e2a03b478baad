"""What the README shows of the demo is what the demo prints, but for numbers that a machine may change."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.docs.conftest import Demo
from tests.docs.documents import ROOT, blocks
from typer.testing import CliRunner

from hogar.cli import app

pytestmark = pytest.mark.slow
README = (ROOT / "README.md").read_text(encoding="utf-8")
MISSION = (ROOT / "docs/mission.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"[A-Z]-[a-z0-9:]*[A-Z0-9][A-Za-z0-9:]*|D-[0-9a-f]+|\b[0-9a-f]{12}\b|\d[\d,.]*")


def shown(first_word: str) -> list[str]:
    """The lines of the README's block that begins with a word."""
    found = [block.text for block in blocks(README) if block.text.startswith(first_word)]
    assert len(found) == 1, f"the README has {len(found)} blocks that begin with `{first_word}`"
    return found[0].splitlines()


def bare(line: str) -> str:
    """A line without its numbers, ids, frames and spaces."""
    return " ".join(NUMBER.sub("#", line).replace("│", " ").split())


def test_the_demo_tells_its_stories(demo: Demo) -> None:
    """All four stories come true, and what is owned, ordered or above the spend band is never offered."""
    assert demo.code == 0, demo.words
    assert demo.words.count("✓") == 6
    assert "✗" not in demo.words
    for words in ("Roaming, 2 GB", "Family plan", "Renewal with a new phone", "Home plan with television"):
        assert words in demo.words


@pytest.mark.parametrize("first_word", ["market", "Home plan with television to"])
def test_the_readme_shows_what_the_demo_prints(demo: Demo, first_word: str) -> None:
    """Line by line; `...` stands for lines that the README leaves out."""
    printed = {bare(line) for line in demo.words.splitlines()}
    missing = [
        line for line in shown(first_word) if line.strip() not in ("", "...") and bare(line) not in printed
    ]
    assert not missing, "the demo does not print:\n" + "\n".join(missing) + "\nit prints:\n" + demo.words


def test_without_households_the_plan_is_not_found(demo: Demo, tmp_path: Path) -> None:
    """The same market with everybody alone: the home plan is not proposed to the person of the story."""
    told = re.search(r"Home plan with television to (P-\S+) by", demo.words)
    assert told is not None
    with_households = (demo.project / "targets" / "convergence.csv").read_text(encoding="utf-8")
    assert f"{told[1]},home_plan_tv," in with_households
    project, target = tmp_path / "alone", tmp_path / "convergence.csv"
    shutil.copytree(demo.project, project, ignore=shutil.ignore_patterns(".hogar", "targets"))
    settings = (project / "hogar.toml").read_text(encoding="utf-8")
    assert 'unit = "household"' in settings
    (project / "hogar.toml").write_text(
        settings.replace('unit = "household"', 'unit = "person"'), encoding="utf-8"
    )
    for words in (["build"], ["campaign", "plan", "convergence", "--out", str(target)]):
        done = CliRunner().invoke(app, [*words, "--project", str(project)])
        assert done.exit_code == 0, done.output
    assert f"{told[1]},home_plan_tv," not in target.read_text(encoding="utf-8")


def test_the_mission_gives_the_figures_of_the_demo(demo: Demo) -> None:
    """What M4 says of the demo's market is what `hogar twin score` prints, to two digits."""
    row = next(line for line in MISSION.splitlines() if line.startswith("| M4 "))
    said = [float(number) for number in re.findall(r"0\.\d\d|\d\d(?= of 100)", row)]
    done = CliRunner().invoke(app, ["twin", "score", str(demo.project), "--json"])
    figures = json.loads(done.stdout.splitlines()[-1])
    assert said == [
        round(figures["pair_precision"], 2),
        round(figures["pair_recall"], 2),
        round(100 * figures["line_user_accuracy"]),
    ]


def test_the_counts_of_the_stories_are_the_demo_s(demo: Demo) -> None:
    """How many homes each story is found in, and how many decisions each mode made, to the number."""
    counts = re.compile(
        r"^  (?:✓ (.*)  found ([\d,]+)|(inbound|campaign|triggered|delivered) +([\d,]+))", re.M
    )
    said = set(counts.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    assert len(said) == 10
    assert said == set(counts.findall(demo.words))
