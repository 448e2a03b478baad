"""Who may write now? One advisory lock file for each data folder, with the holder's process id in it.

The kernel frees the lock when its holder ends, however it ends; the file stays and means nothing by itself.
After: `state` writes only while it holds the lock.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hogar.errors import HogarError


class LockedError(HogarError):
    """Another process holds the lock now."""


class Lock:
    """An advisory lock on `path`; the thread that holds it may take it again. `doing`: what its holder does."""

    def __init__(self, path: Path, *, doing: str = "building") -> None:
        self.path = path
        self._doing = doing
        self._owner: int | None = None
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock inside the block. Raises `LockedError`, which names the holder, when it is taken."""
        if self._owner == threading.get_ident():
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        handle = self._take()
        self._owner = threading.get_ident()
        try:
            yield
        finally:
            self._owner = None
            os.ftruncate(handle, 0)
            os.close(handle)

    def _take(self) -> int:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise LockedError(
                f"process {holder} is {self._doing} {self.path.parent} now; wait until it has ended, or end it"
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        return handle
