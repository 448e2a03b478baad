"""Does `hogar twin generate` make what was asked for, and refuse what cannot be, in words?"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hogar.cli.twin_files import default_params_text

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
        ("--persons", 99), ("--persons", 10**7), ("--seed", -1), ("--regime", "mars"), ("--consent", 1.5),
        ("--ott", -1), ("--dirt", 11), ("--workers", 0), ("--params", "no.toml"),
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
