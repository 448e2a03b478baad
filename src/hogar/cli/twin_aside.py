"""How is a market replaced whole or not at all? It is made in a folder aside, which takes the old one's place at once.

The kernel frees the folder's lock when its process ends, however it ends; the next run sweeps away what is left.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hogar.errors import HogarError

FOLDERS = ("truth", "events", "data")
ASIDE = ".market-"


@contextmanager
def aside_of(project: Path) -> Iterator[Path]:
    """A folder beside the market's own, held while this process works in it, gone afterwards.

    What a process left that was killed at its work is swept away first. Raises `HogarError` where the disk refuses.
    """
    try:
        project.mkdir(parents=True, exist_ok=True)
        for left in project.glob(f"{ASIDE}*"):
            _sweep(left)
        aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=project))
        handle = os.open(aside, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)
            os.close(handle)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        cure = "free some space" if full else "mend the folder's rights"
        raise HogarError(
            f"{error.filename or project}: the market could not be written: {error.strerror or error}; what was there "
            f"before is as it was; {cure}, then run this again"
        ) from error


def _sweep(left: Path) -> None:
    """Removes a folder that no living process holds: the kernel freed its lock when the process ended."""
    try:
        handle = os.open(left, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(handle)


def put_in_place(aside: Path, project: Path) -> None:
    """The old market steps aside, its data first; then comes the new one, its data last. Fails as if never begun."""
    gone, come = [], []
    try:
        for folder in reversed(FOLDERS):
            if (project / folder).exists():
                os.replace(project / folder, aside / f"old-{folder}")
                gone.append(folder)
        for folder in FOLDERS:
            os.replace(aside / folder, project / folder)
            come.append(folder)
    except BaseException:
        for folder in come:
            os.replace(project / folder, aside / folder)
        for folder in reversed(gone):
            os.replace(aside / f"old-{folder}", project / folder)
        raise
