"""Does a market get onto disk whole or not at all, in the formats that its silos have?"""

from __future__ import annotations

import csv
import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pyarrow.parquet as pq
import pytest

from hogar.cli import twin_files
from hogar.cli.twin_aside import aside_of
from hogar.cli.twin_files import default_params, make_market, write_market
from hogar.errors import HogarError, UsageError


def _silent(said: str) -> None:
    pass


def _read(path: Path, metadata: dict[str, str]) -> list[list[str]]:
    with path.open(encoding=metadata["encoding"], newline="") as file:
        return list(csv.reader(file, delimiter=metadata["delimiter"]))


def test_a_market_is_written_with_its_truth_apart(market, tmp_path):
    """Silos below data, truth beside it, events as JSON lines; each silo reads back as it was."""
    made = market(300, 1)
    said: list[str] = []
    write_market(made, tmp_path, said.append)
    assert {path.name for path in tmp_path.iterdir()} == {"data", "truth", "events"}
    for path, table in made.silos.items():
        if path.endswith(".csv"):
            metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
            rows = _read(tmp_path / "data" / path, metadata)
            assert rows[0] == table.column_names
            assert rows[1:] == [[value or "" for value in row.values()] for row in table.to_pylist()]
        else:
            assert pq.read_table(tmp_path / "data" / path).equals(table)
        assert any(path in line for line in said)
    assert {path.stem for path in (tmp_path / "truth").iterdir()} == {"market", "files", *made.truth}
    lines = (tmp_path / "events" / "month.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [event.id for event in made.events]


def test_single_calls_are_written_as_they_come_whatever_the_workers(recorded, tmp_path):
    """A file a day; three workers write the same bytes as one, and the same as a market in memory."""
    made, records = recorded(300, 1)
    one, three = (
        make_market(tmp_path / str(workers), 300, 1, default_params(), _silent, workers=workers)
        for workers in (1, 3)
    )
    assert one.records == three.records == sum(table.num_rows for table in records.values())
    assert one.rows == one.records + sum(table.num_rows for table in made.silos.values())
    assert one.files == len(made.silos) + len(records)
    for path, table in records.items():
        assert pq.read_table(tmp_path / "3" / "data" / path).cast(table.schema).equals(table)
    write_market(made, tmp_path / "memory", _silent)
    assert _bytes(tmp_path / "1") == _bytes(tmp_path / "3")
    memory = _bytes(tmp_path / "memory")
    del memory["truth/files.json"]
    assert memory.items() <= _bytes(tmp_path / "1").items()


def test_no_single_calls_where_none_are_wanted(tmp_path):
    """Their sums are there all the same."""
    written = make_market(tmp_path, 100, 1, default_params(), _silent, records=False)
    assert written.records == 0
    assert not (tmp_path / "data" / "usage" / "xdr").exists()
    assert (tmp_path / "data" / "usage" / "daily.parquet").is_file()


def test_an_interrupted_market_leaves_nothing_that_looks_finished(market, tmp_path):
    """When writing stops half-way there is no data folder, and what was there before is as it was."""

    def stop(line: str) -> None:
        if "usage" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_market(market(300, 1), tmp_path, stop)
    assert list(tmp_path.iterdir()) == []
    write_market(market(300, 2), tmp_path, _silent)
    before = _bytes(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        write_market(market(300, 1), tmp_path, stop)
    with pytest.raises(KeyboardInterrupt):
        make_market(tmp_path, 300, 1, default_params(), _stop_at("2026-02-17"), workers=2)
    assert _bytes(tmp_path) == before


def _stop_at(word):
    def stop(line: str) -> None:
        if word in line:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("turn", range(1, 7))
def test_a_failed_replacement_leaves_the_old_market(market, tmp_path, turn):
    """Whichever of the renames fails, the three folders are the old ones, all three."""
    write_market(market(300, 2), tmp_path, _silent)
    before = _bytes(tmp_path)
    calls = iter(range(1, 100))
    real = os.replace

    def replace(one, other):
        if next(calls) == turn:
            raise OSError(errno.EIO, "a bad day", str(other))
        real(one, other)

    with mock.patch.object(os, "replace", replace), pytest.raises(HogarError, match="a bad day"):
        write_market(market(300, 1), tmp_path, _silent)
    assert _bytes(tmp_path) == before


DYING = """
import os, signal, sys
from pathlib import Path
from hogar.cli import twin_aside
left = iter(range(int(sys.argv[2]), -1, -1))
real = os.replace
def replace(one, other):
    if next(left) == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(one, other)
os.replace = replace
project = Path(sys.argv[1])
with twin_aside.aside_of(project) as aside:
    for folder in twin_aside.FOLDERS:
        (aside / folder).mkdir()
        (aside / folder / "new").touch()
    twin_aside.put_in_place(aside, project)
"""


@pytest.mark.parametrize("renames", range(6))
def test_a_replacement_that_is_killed_is_undone_by_the_next_run(market, tmp_path, renames):
    """After kill -9 between any two renames the old market comes back whole, also when the next run fails."""
    write_market(market(300, 2), tmp_path, _silent)
    before = _bytes(tmp_path)
    died = subprocess.run([sys.executable, "-c", DYING, str(tmp_path), str(renames)])
    assert died.returncode == -signal.SIGKILL
    with pytest.raises(ZeroDivisionError), aside_of(tmp_path):
        raise ZeroDivisionError
    assert _bytes(tmp_path) == before


@pytest.mark.parametrize(
    "name", ["data/mine.csv", "events/now.jsonl", "truth/notes.txt", "data/crm/customers.csv"]
)
def test_a_file_that_no_market_wrote_is_never_replaced(market, tmp_path, name):
    """One of the user's own, or one that was changed: it is named, and everything is as it was."""
    write_market(market(300, 2), tmp_path, _silent)
    (tmp_path / name).write_text("mine")
    before = _bytes(tmp_path)
    with pytest.raises(UsageError, match=name):
        write_market(market(300, 1), tmp_path, _silent)
    assert _bytes(tmp_path) == before
    (tmp_path / name).unlink()
    write_market(market(300, 1), tmp_path, _silent)


def test_without_a_list_of_files_everything_is_foreign(market, tmp_path):
    """Real extracts in data/, a file or a link in the place of a folder; played months may go."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="data"):
        write_market(market(300, 1), tmp_path, _silent)
    (tmp_path / "data").unlink()
    (tmp_path / "data").mkdir()
    write_market(market(300, 1), tmp_path, _silent)
    (tmp_path / "truth" / "live").mkdir()
    (tmp_path / "truth" / "live" / "state.npz").touch()
    write_market(market(300, 1), tmp_path, _silent)
    (tmp_path / "truth" / "files.json").unlink()
    with pytest.raises(UsageError, match="more; name another folder"):
        write_market(market(300, 1), tmp_path, _silent)


def test_a_file_that_comes_while_the_market_is_made_is_seen(market, tmp_path):
    """What is foreign is looked for again right before the replacement."""
    write_market(market(300, 2), tmp_path, _silent)

    def late(line: str) -> None:
        (tmp_path / "data" / "mine.csv").write_text("mine")

    with pytest.raises(UsageError, match=r"mine\.csv"):
        write_market(market(300, 1), tmp_path, late)
    assert (tmp_path / "data" / "mine.csv").read_text() == "mine"


def test_a_full_disk_is_said_and_the_old_market_stays(market, tmp_path):
    """One message that says what to do; no half-written file remains."""
    write_market(market(300, 2), tmp_path, _silent)
    before = _bytes(tmp_path)
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with mock.patch.object(twin_files, "write_table", side_effect=full):
        for write in (
            lambda: write_market(market(300, 1), tmp_path, _silent),
            lambda: make_market(tmp_path, 100, 1, default_params(), _silent),
        ):
            with pytest.raises(HogarError, match="free some space"):
                write()
    assert _bytes(tmp_path) == before


KILLED = """
import sys
from pathlib import Path
from hogar.cli.twin_files import default_params, make_market
def say(said):
    if "02-10" in said:
        print("half", flush=True)
        sys.stdin.read()
make_market(Path(sys.argv[1]), 100, 1, default_params(), say)
"""


def test_what_a_killed_run_left_is_swept_away_and_a_living_ones_is_not(tmp_path):
    """After kill -9 there is no data folder, and the next run removes the rest; it leaves a running one alone."""
    dead, alive = (
        subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    )
    try:
        for process in (dead, alive):
            assert process.stdout.readline() == "half\n"
        dead.send_signal(signal.SIGKILL)
        dead.wait()
        assert len(list(tmp_path.iterdir())) == 2
        assert not (tmp_path / "data").exists()
        make_market(tmp_path, 100, 2, default_params(), _silent, records=False)
        assert len(list(tmp_path.glob(".market-*"))) == 1
        alive.communicate("go on\n", timeout=60)
        assert alive.returncode == 0
        assert {path.name for path in tmp_path.iterdir()} == {"data", "truth", "events"}
        assert (tmp_path / "data" / "usage" / "xdr").is_dir(), "the last to finish has the folder"
    finally:
        for process in (dead, alive):
            process.kill()
            process.communicate()


def _bytes(folder: Path) -> dict[str, bytes]:
    assert not list(folder.glob(".market-*"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
