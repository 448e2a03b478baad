"""Where does the built state of a project lie, and which version of each step is current?

Reads and writes `D/.hogar/`: one folder for each finished step and fingerprint, one pointer that names the
current ones. A step is written aside, made durable, renamed into place, and only then named by the pointer,
so that a crash at any point leaves the version before. A folder that lost files since is set aside. After:
`warehouse` reads the folders; `build` asks what is stale.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from hogar.errors import HogarError
from hogar.stores.durable import make_durable, replace_file
from hogar.stores.lock import Lock
from hogar.stores.manifest import is_whole, seal, size_of

_NAME = re.compile(r"[0-9A-Za-z_][0-9A-Za-z._-]{0,127}")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("No space left on device", "File too large", "quota exceeded")


class StateError(HogarError):
    """The built state below `.hogar` cannot be read or written."""


@dataclass(frozen=True, kw_only=True)
class State:
    """The built state of one project over one data folder: `folder` is `D/.hogar/<data key>`.

    The data key is `data` for the project's own default folder, else the first 12 hex digits of the SHA-256
    of the folder's resolved path; so two data folders never mix.
    """

    project: Path
    data: Path
    folder: Path
    _lock: Lock = field(repr=False, compare=False)

    @classmethod
    def open(cls, project: Path, data: Path | None = None, default: str | Path = "data") -> State:
        """The state of `project` over `data`; without it the remembered folder, else the project's `default`.

        Creates nothing: folders appear with the first `write`. A relative `data` counts from the working
        directory, a relative `default` from the project.
        """
        project = project.resolve()
        own = (project / default).resolve()
        chosen = data.resolve() if data is not None else _remembered(project) or own
        key = "data" if chosen == own else hashlib.sha256(os.fsencode(chosen)).hexdigest()[:12]
        folder = project / ".hogar" / key
        return cls(project=project, data=chosen, folder=folder, _lock=Lock(folder / "lock"))

    @property
    def ledger_path(self) -> Path:
        """The SQLite file of durable facts; never rebuilt, so it lies beside the steps."""
        return self.folder / "ledger.db"

    @property
    def ledger_lost(self) -> bool:
        """Whether something was published, but the ledger, which is made before that, is gone or empty."""
        return self.current_fingerprint("publish") is not None and not size_of(self.ledger_path)

    def current(self, step: str) -> Path | None:
        """The finished folder that the pointer names for this step; None before its first `write`.

        None too where files of it are lost or cut short: `write` makes it anew.
        """
        fingerprint = self.current_fingerprint(step)
        finished = None if fingerprint is None else self._finished(step, fingerprint)
        return finished if finished is not None and is_whole(finished) else None

    def current_fingerprint(self, step: str) -> str | None:
        """The fingerprint of the step's current version; None before its first `write`."""
        return self._pointer().get(step)

    @contextmanager
    def write(self, step: str, fingerprint: str) -> Iterator[Path]:
        """A folder to fill with the step's files; on normal exit it becomes the step's current version.

        In this order, so that `kill -9` between any two leaves the version before: (1) take the lock,
        (2) remove what a killed writer of this step left, (3) the caller fills a folder aside, (4) its files
        and folders reach the disk, (5) it is renamed into place, (6) the pointer is replaced. Where a
        whole folder of this fingerprint exists, it stays and only the pointer moves; a damaged one is set
        aside. An error inside leaves the version before.

        Raises `StateError` on a full disk, `LockedError` while another process writes.
        """
        finished, steps = self._finished(step, fingerprint), self.folder / "steps"
        with _clear_when_full(self.folder), self.locked():
            steps.mkdir(parents=True, exist_ok=True)
            for stale in steps.glob(f".tmp-{step}-*"):
                shutil.rmtree(stale)
            aside = steps / f".tmp-{step}-{os.getpid()}"
            aside.mkdir()
            try:
                yield aside
                if not is_whole(finished):
                    seal(aside)
                    make_durable(aside)
                    finished.parent.mkdir(exist_ok=True)
                    self._set_aside(finished)
                    aside.rename(finished)
                    make_durable(finished.parent, deep=False)
                    make_durable(steps, deep=False)
                self._point(step, fingerprint)
            finally:
                shutil.rmtree(aside, ignore_errors=True)

    def reuse(self, step: str, fingerprint: str) -> Path | None:
        """Make the finished folder of this fingerprint current again, where there is a whole one; else None."""
        finished = self._finished(step, fingerprint)
        if not is_whole(finished):
            return None
        if self.current_fingerprint(step) != fingerprint:
            with _clear_when_full(self.folder), self.locked():
                self._point(step, fingerprint)
        return finished

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the right to write; the same thread may take it again inside. Raises `LockedError`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self.project / ".hogar" / ".gitignore"
        if not ignore.exists():
            replace_file(ignore, b"*\n")
            make_durable(self.project, deep=False)
        with self._lock.held():
            yield

    def remember_data(self) -> None:
        """Make this data folder the one that `State.open(project)` finds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        inside = self.data.is_relative_to(self.project)
        path = self.data.relative_to(self.project) if inside else self.data
        with _clear_when_full(self.folder):
            replace_file(self.project / ".hogar" / "current_data.json", _json({"data": str(path)}))

    def _finished(self, step: str, fingerprint: str) -> Path:
        assert _NAME.fullmatch(step), step
        assert _NAME.fullmatch(fingerprint), fingerprint
        return self.folder / "steps" / step / fingerprint

    def _set_aside(self, finished: Path) -> None:
        """Give a damaged folder a name that nothing reads; nothing is deleted."""
        if not finished.is_dir():
            return
        name = f".damaged-{finished.parent.name}-{finished.name}"
        taken = len(list((self.folder / "steps").glob(f"{name}-*")))
        finished.rename(self.folder / "steps" / f"{name}-{taken + 1}")

    def _pointer(self) -> dict[str, str]:
        return _read_json(self.folder / "current.json")

    def _point(self, step: str, fingerprint: str) -> None:
        replace_file(self.folder / "current.json", _json({**self._pointer(), step: fingerprint}))


def _remembered(project: Path) -> Path | None:
    known = _read_json(project / ".hogar" / "current_data.json").get("data")
    return None if known is None else (project / known).resolve()


def _read_json(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise StateError(f"{path} is damaged: {error}; delete it and run `hogar build` again") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise StateError(f"{path} is damaged; delete it and run `hogar build` again")
    return found


def _json(value: dict[str, str]) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


@contextmanager
def _clear_when_full(folder: Path) -> Iterator[None]:
    """Turn the many ways of saying that the disk is full into one clear error."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        full = isinstance(error, OSError) and error.errno in _FULL
        if full or any(words in str(error) for words in _FULL_WORDS):
            raise StateError(
                f"the disk below {folder} is full; the version before stays in use; free space and try again"
            ) from error
        raise
