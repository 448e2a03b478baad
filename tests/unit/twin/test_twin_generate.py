"""Does `hogar twin generate` make what was asked for, and refuse what cannot be, in words?"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hogar.build import project as projects
from hogar.cli.twin_files import default_params, default_params_text
from hogar.errors import UsageError
from hogar.twin import generate

KEYS = {"project", "persons", "seed", "regime", "rows", "files", "events", "records", "params", "seconds"}


def _bytes(project: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(project)): path.read_bytes()
        for folder in ("data", "truth", "events")
        for path in (project / folder).rglob("*")
        if path.is_file()
    }


def test_the_result_says_what_lies_on_disk(hogar, tmp_path):
    """Rows, files and records are those of the data folder; progress does not disturb the JSON."""
    ran = hogar("twin", "generate", tmp_path / "a", "--persons", 150, "--json")
    assert ran.code == 0, ran.err
    assert set(ran.json) == KEYS
    assert ran.json["regime"] == "spain"
    files = [path for path in (tmp_path / "a" / "data").rglob("*") if path.is_file()]
    assert ran.json["files"] == len(files)
    xdr = [pq.read_metadata(path).num_rows for path in files if path.parent.name == "xdr"]
    assert ran.json["records"] == sum(xdr) > 150 * 60
    assert len(xdr) == 28


@pytest.mark.parametrize("regime", ["spain", "one-name", "keep-name", "prepaid"])
def test_every_regime_has_the_same_bytes_whatever_the_workers(hogar, tmp_path, regime):
    """One thread or three; the truth's own record of the market is alike, too."""
    for name, workers in (("one", 1), ("three", 3)):
        ran = hogar(
            "twin", "generate", tmp_path / name, "--persons", 120, "--regime", regime, "--workers", workers
        )
        assert ran.code == 0, ran.err
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "three")


def test_what_is_swept_changes_the_market(hogar, tmp_path):
    """Consent, messengers and dirt each leave other bytes."""
    found = []
    for number, option in enumerate([(), ("--consent", 0.9), ("--ott", 0.9), ("--dirt", 0)]):
        arguments = ("--persons", 100, "--no-records", *option)
        assert hogar("twin", "generate", tmp_path / str(number), *arguments).code == 0
        found.append(_bytes(tmp_path / str(number)))
    assert all(one != other for place, one in enumerate(found) for other in found[:place])


@pytest.mark.parametrize(
    "arguments",
    [
        ("--persons", 99), ("--persons", 10**7), ("--seed", -1), ("--seed", 2**63), ("--regime", "mars"),
        ("--consent", 1.5), ("--ott", -1), ("--dirt", 11), ("--workers", 0), ("--params", "no.toml"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_wrong_usage(hogar, tmp_path, arguments):
    """Exit code 2, words that name it, and no folder of a market."""
    ran = hogar("twin", "generate", tmp_path / "a", *arguments)
    assert ran.code == 2
    assert ran.err
    assert not (tmp_path / "a").exists()


def test_impossible_parameters_are_problems_with_their_lines(hogar, tmp_path):
    """Exit code 1, every problem of the file; nothing is written."""
    mine = tmp_path / "mine.toml"
    mine.write_text(re.sub(r"(?m)^late = \S+", "late = 2", default_params_text()), encoding="utf-8")
    ran = hogar("twin", "generate", tmp_path / "a", "--params", mine, "--json")
    assert ran.code == 1
    assert [problem["file"] for problem in ran.json["problems"]] == [str(mine)]
    assert not (tmp_path / "a").exists()


def test_a_market_is_replaced_whole(hogar, tmp_path):
    """Another seed in the same folder leaves nothing of the first: no day's records, no truth."""
    for name, seeds in (("twice", (1, 2)), ("once", (2,))):
        for seed in seeds:
            arguments = ("--persons", 100, "--seed", seed, *(() if seed == 1 else ("--no-records",)))
            assert hogar("twin", "generate", tmp_path / name, *arguments).code == 0
    assert _bytes(tmp_path / "twice") == _bytes(tmp_path / "once")


def test_the_users_own_files_are_never_replaced(hogar, tmp_path):
    """A sample of `hogar new` gives way to a market; an extract that was put into data/ does not."""
    project = tmp_path / "acme"
    assert hogar("new", project).code == 0
    assert hogar("twin", "generate", project, "--persons", 100, "--no-records").code == 0
    (project / "data" / "crm" / "real.csv").write_text("a\n1\n")
    ran = hogar("twin", "generate", project, "--persons", 100, "--no-records")
    assert ran.code == 2
    assert "data/crm/real.csv" in ran.err
    assert (project / "data" / "crm" / "real.csv").read_text() == "a\n1\n"


def test_the_projects_clock_is_the_markets(hogar, tmp_path):
    """A new project has the parameters' `now`; one whose clock stands elsewhere is refused before anything is made."""
    mine = tmp_path / "mine.toml"
    text = re.sub(r"(?m)^now = \S+", 'now = "2026-04-02T09:00:00Z"', default_params_text())
    mine.write_text(text, encoding="utf-8")
    arguments = ("--persons", 100, "--no-records", "--params", mine)
    assert hogar("twin", "generate", tmp_path / "a", *arguments).code == 0
    assert tomllib.loads((tmp_path / "a" / "hogar.toml").read_text())["time"]["now"] == "2026-04-02T09:00:00Z"
    assert hogar("twin", "generate", tmp_path / "a", *arguments).code == 0
    before = _bytes(tmp_path / "a")
    ran = hogar("twin", "generate", tmp_path / "a", "--persons", 100)
    assert ran.code == 2
    assert "2026-04-02T09:00:00Z" in ran.err
    assert "2026-03-02T09:00:00Z" in ran.err
    assert _bytes(tmp_path / "a") == before


def test_months_that_were_played_are_named_before_they_go(hogar, tmp_path):
    """They belong to the market that is replaced."""
    arguments = ("twin", "generate", tmp_path / "a", "--persons", 100, "--no-records")
    assert "months played" not in hogar(*arguments).out
    assert hogar("twin", "live", tmp_path / "a", "--month-end").code == 0
    assert "months played there go" in hogar(*arguments).out
    assert not (tmp_path / "a" / "truth" / "live").exists()


def test_several_at_once_into_a_new_folder_all_succeed(tmp_path):
    """One of them makes the project; each puts a whole market in place."""
    command = [sys.executable, "-m", "hogar", "twin", "generate", str(tmp_path / "a"), "--persons", "100"]
    ran = [
        subprocess.Popen([*command, "--no-records"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for _ in range(6)
    ]
    errors = [process.communicate()[1] for process in ran]
    assert [process.returncode for process in ran] == [0] * 6, errors
    assert (tmp_path / "a" / "data").is_dir()
    assert not list((tmp_path / "a").glob(".market-*"))


def test_a_project_that_another_run_made_first_is_taken(tmp_path, monkeypatch):
    """Who comes second hears that the folder is there, not of its rights."""
    real = projects.write_for_editors

    made = iter([True])

    def once(aside: Path) -> str:
        if next(made, False):
            projects.new_project(tmp_path / "a")
        return real(aside)

    monkeypatch.setattr(projects, "write_for_editors", once)
    with pytest.raises(UsageError, match="not an empty folder"):
        projects.new_project(tmp_path / "a")
    assert (tmp_path / "a" / "hogar.toml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_deep_parameter_file_is_not_toml_and_a_byte_order_mark_is_no_harm(hogar, tmp_path):
    """Brackets without end are a problem of the file; editors that write a mark are not."""
    deep, marked = tmp_path / "deep.toml", tmp_path / "marked.toml"
    deep.write_text("a = " + "[" * 100_000, encoding="utf-8")
    ran = hogar("twin", "generate", tmp_path / "a", "--params", deep)
    assert ran.code == 1
    assert "not TOML" in ran.out + ran.err
    marked.write_text(default_params_text(), encoding="utf-8-sig")
    folder = tmp_path / "my market"
    ran = hogar("twin", "generate", folder, "--persons", 100, "--no-records", "--params", marked)
    assert ran.code == 0, ran.err
    assert f"hogar build --project '{folder}'" in ran.out


def test_a_seed_beyond_64_bits_is_refused_where_it_is_used():
    """Also without a command line."""
    with pytest.raises(UsageError, match="a seed is a whole number"):
        generate(100, 2**63, default_params())
