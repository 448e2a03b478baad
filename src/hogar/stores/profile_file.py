"""How is one profile file opened by many? Once a process, counted; LMDB allows no more.

Below `profiles`, which reads and writes what is in the file.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Never

import lmdb

from hogar.errors import HogarError

TABLES = (b"household", b"person", b"line", b"party")
READERS_MAX = 512


class ProfilesError(HogarError):
    """A published profile version cannot be read."""


class _Closed:
    """Stands where the file was."""

    def begin(self, **_: object) -> Never:
        raise ProfilesError("this profile version has been closed")


CLOSED = _Closed()


class SharedFile:
    """One file, opened once a process however many read it: LMDB allows no more."""

    _open: ClassVar[dict[Path, SharedFile]] = {}
    _guard: ClassVar[Lock] = Lock()

    def __init__(self, path: Path) -> None:
        self.path = path
        self.users = 0
        self.env: Any = lmdb.open(
            str(path), subdir=False, readonly=True, lock=False, max_dbs=len(TABLES), max_readers=READERS_MAX,
            create=False,
        )  # fmt: skip
        try:
            self.tables = tuple(self.env.open_db(name, create=False) for name in TABLES)
        except lmdb.Error:
            self.env.close()
            raise

    @classmethod
    def open(cls, path: Path) -> SharedFile:
        """The file at `path`, opened now or before; each `open` asks for one `leave`."""
        with cls._guard:
            shared = cls._open.get(path)
            if shared is None:
                shared = cls._open[path] = cls(path)
            shared.users += 1
            return shared

    def leave(self) -> None:
        """One reader less; the last one closes the file."""
        with self._guard:
            self.users -= 1
            if self.users == 0:
                del self._open[self.path]
                self.env.close()
