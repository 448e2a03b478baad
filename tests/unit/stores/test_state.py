"""Built state: written aside, made durable, switched by one pointer; one writer at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from hogar.stores.lock import LockedError
from hogar.stores.state import State, StateError


def fill(state: State, step: str, fingerprint: str, text: str) -> None:
    with state.write(step, fingerprint) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "file.txt").write_text(text)


def child(project: Path, body: str) -> subprocess.Popen[str]:
    """A process of its own that opens the state and runs `body`."""
    start = "import os, sys\nfrom pathlib import Path\nfrom hogar.stores.state import State\n"
    code = start + f"state = State.open(Path({str(project)!r}))\n" + textwrap.dedent(body)
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


def end(process: subprocess.Popen[str], with_signal: int | None = None) -> None:
    if with_signal is not None:
        process.send_signal(with_signal)
    process.communicate()


def test_a_step_is_current_once_written(tmp_path: Path) -> None:
    """Before the block ends nothing is current; after it the folder with all its files is."""
    state = State.open(tmp_path)
    assert state.current("ingest") is None
    with state.write("ingest", "aa") as folder:
        (folder / "x").write_text("1")
        assert state.current("ingest") is None
    current = state.current("ingest")
    assert current == tmp_path / ".hogar" / "data" / "steps" / "ingest" / "aa"
    assert (current / "x").read_text() == "1"
    assert state.current_fingerprint("ingest") == "aa"
    assert json.loads((state.folder / "current.json").read_text()) == {"ingest": "aa"}
    assert (tmp_path / ".hogar" / ".gitignore").read_text() == "*\n"


def test_an_error_inside_leaves_all_as_it_was(tmp_path: Path) -> None:
    """The version before stays current, and nothing half written lies about."""
    state = State.open(tmp_path)
    fill(state, "ingest", "aa", "old")
    with pytest.raises(FileExistsError), state.write("ingest", "bb") as folder:
        folder.mkdir()
    assert state.current_fingerprint("ingest") == "aa"
    assert sorted(path.name for path in (state.folder / "steps").rglob("*")) == [
        ".files.json",
        "aa",
        "file.txt",
        "ingest",
        "sub",
    ]


def test_a_finished_fingerprint_is_not_written_twice(tmp_path: Path) -> None:
    """Writing a fingerprint that exists moves the pointer only; so does `reuse`, without any writing."""
    state = State.open(tmp_path)
    fill(state, "ingest", "aa", "first")
    fill(state, "ingest", "bb", "second")
    fill(state, "ingest", "aa", "ignored")
    current = state.current("ingest")
    assert current is not None
    assert (current / "sub" / "file.txt").read_text() == "first"
    assert state.reuse("ingest", "cc") is None
    assert state.reuse("ingest", "bb") == state.current("ingest") != current


@pytest.mark.parametrize("lost", ["sub/file.txt", ".files.json"])
@pytest.mark.parametrize("again", ["write", "reuse"])
def test_a_damaged_step_is_set_aside_and_made_anew(tmp_path: Path, lost: str, again: str) -> None:
    """A folder that lost a file is neither current nor reused; it is kept under another name, and written again."""
    state = State.open(tmp_path)
    for number in (1, 2):
        fill(state, "ingest", "aa", f"text {number}")
        folder = state.current("ingest")
        assert folder is not None
        (folder / lost).unlink()
        assert state.current("ingest") is None
        if again == "reuse":
            assert state.reuse("ingest", "aa") is None
    fill(state, "ingest", "aa", "text 3")
    folder = state.current("ingest")
    assert folder is not None
    assert (folder / "sub" / "file.txt").read_text() == "text 3"
    assert sorted(path.name for path in (state.folder / "steps").glob(".damaged-*")) == [
        ".damaged-ingest-aa-1",
        ".damaged-ingest-aa-2",
    ]


def test_a_file_cut_short_is_damage(tmp_path: Path) -> None:
    """A file of another size than it was written with makes its step damaged."""
    state = State.open(tmp_path)
    fill(state, "ingest", "aa", "text")
    folder = state.current("ingest")
    assert folder is not None
    os.truncate(folder / "sub" / "file.txt", 2)
    assert state.current("ingest") is None


def test_a_lost_ledger_is_known(tmp_path: Path) -> None:
    """After `publish` a ledger that is missing or empty was lost; before it, there is none yet."""
    state = State.open(tmp_path)
    assert not state.ledger_lost
    fill(state, "publish", "aa", "text")
    assert state.ledger_lost
    state.ledger_path.touch()
    assert state.ledger_lost
    state.ledger_path.write_bytes(b"facts")
    assert not state.ledger_lost


def test_killed_while_filling(tmp_path: Path) -> None:
    """`kill -9` inside the block leaves the version before; the next writer of the step clears what was left."""
    state = State.open(tmp_path)
    fill(state, "ingest", "aa", "old")
    process = child(
        tmp_path,
        """
        with state.write("ingest", "bb") as folder:
            (folder / "x").write_text("half")
            print("in", flush=True)
            sys.stdin.read()
        """,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    end(process, signal.SIGKILL)
    assert state.current_fingerprint("ingest") == "aa"
    assert list((state.folder / "steps").glob(".tmp-*"))
    fill(state, "ingest", "bb", "new")
    assert state.current_fingerprint("ingest") == "bb"
    assert not list((state.folder / "steps").glob(".tmp-*"))


@pytest.mark.parametrize("call", ["os.fsync", "os.rename", "os.replace"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5])
def test_killed_at_any_call(tmp_path: Path, call: str, nth: int) -> None:
    """`kill -9` before any sync, rename or replace leaves the old version or the new one, whole and writable."""
    state = State.open(tmp_path)
    fill(state, "ingest", "aa", "old")
    process = child(
        tmp_path,
        f"""
        import signal
        real, left = {call}, {nth}
        def deadly(*args, **kwargs):
            global left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)
        {call} = deadly
        with state.write("ingest", "bb") as folder:
            (folder / "sub").mkdir()
            (folder / "sub" / "file.txt").write_text("new")
        """,
    )
    end(process)
    now = state.current("ingest")
    assert now is not None
    assert (now / "sub" / "file.txt").read_text() == {"aa": "old", "bb": "new"}[now.name]
    assert process.returncode in (0, -signal.SIGKILL)
    fill(state, "ingest", "bb", "new")
    now = state.current("ingest")
    assert now is not None
    assert (now / "sub" / "file.txt").read_text() == "new"


def test_two_writers(tmp_path: Path) -> None:
    """The second writer is told at once which process holds the state; it may write when that one has ended."""
    state = State.open(tmp_path)
    process = child(
        tmp_path,
        """
        with state.locked():
            print("in", flush=True)
            sys.stdin.read()
        """,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    with pytest.raises(LockedError, match=f"process {process.pid} is building .*; wait"):
        fill(state, "ingest", "aa", "x")
    end(process)
    fill(state, "ingest", "aa", "x")
    assert state.current_fingerprint("ingest") == "aa"


def test_one_thread_may_nest_and_another_may_not(tmp_path: Path) -> None:
    """A build holds the lock around its steps' writes; a second thread is refused like a second process."""
    state = State.open(tmp_path)
    refused: list[BaseException] = []

    def other() -> None:
        try:
            fill(state, "resolve", "bb", "x")
        except LockedError as error:
            refused.append(error)

    with state.locked():
        fill(state, "ingest", "aa", "x")
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert len(refused) == 1
    assert str(os.getpid()) in str(refused[0])
    other()
    assert len(refused) == 1
    assert state.current_fingerprint("resolve") == "bb"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk without space")
def test_a_full_disk_leaves_the_old_version(tmp_path: Path) -> None:
    """The error says that the disk is full and that the version before stays in use."""
    state = State.open(tmp_path)
    fill(state, "ingest", "aa", "old")
    with (
        pytest.raises(StateError, match="is full; the version before stays in use"),
        state.write("ingest", "bb"),
    ):
        Path("/dev/full").write_text("x")
    assert state.current_fingerprint("ingest") == "aa"


def test_each_data_folder_has_its_own_state(tmp_path: Path) -> None:
    """The project's own folder has the key `data`, another one a hash; the remembered one is opened by default."""
    project, other = tmp_path / "acme", tmp_path / "elsewhere"
    project.mkdir()
    own = State.open(project)
    assert (own.data, own.folder.name) == (project / "data", "data")
    assert State.open(project, project / "data").folder == own.folder
    assert State.open(project, default="silos").data == project / "silos"
    far = State.open(project, other)
    assert len(far.folder.name) == 12
    assert set(far.folder.name) <= set("0123456789abcdef")
    far.remember_data()
    assert State.open(project) == far
    own.remember_data()
    assert State.open(project) == own
    assert State.open(project).ledger_path == project / ".hogar" / "data" / "ledger.db"


@pytest.mark.parametrize("content", ["{", "[]", '{"ingest": 1}'])
def test_a_damaged_pointer_is_said(tmp_path: Path, content: str) -> None:
    """A pointer file that somebody broke is an error with a cure, not a crash."""
    state = State.open(tmp_path)
    fill(state, "ingest", "aa", "x")
    (state.folder / "current.json").write_text(content)
    with pytest.raises(StateError, match=r"current.json is damaged.*hogar build"):
        state.current("ingest")
