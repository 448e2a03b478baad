"""How is a market replaced whole or not at all? It is made in a folder aside, which takes the old one's place at once.

A replacement that a killed process began is undone by the next run, and what else it left is swept away: the kernel
frees a folder's lock when its process ends, however it ends. Files that no market wrote are never replaced.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from hogar.errors import HogarError, UsageError

FOLDERS = ("truth", "events", "data")
ASIDE = ".market-"
BEGUN = "begun"
"""A file in the folder aside: the replacement has begun. It has ended when the new data are no longer aside."""
FILES = Path("truth") / "files.json"
"""Each file of a market and its SHA-256, so that a file of somebody else is known."""
PLAYED = ("truth/live/lock", "truth/live/state.npz")
NAMED_MAX = 3


@contextmanager
def aside_of(project: Path) -> Iterator[Path]:
    """A folder beside the market's own, held while this process works in it, gone afterwards.

    What a process left that was killed at its work is undone and swept away first. Raises `UsageError` where files
    would be lost that no market wrote, `HogarError` where the disk refuses.
    """
    try:
        project.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            with _alone_in(project):
                for left in project.glob(f"{ASIDE}*"):
                    _sweep(left, project)
                _refuse_foreign(project)
                aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=project))
                held.enter_context(_alone_in(aside))
            try:
                yield aside
            finally:
                with _alone_in(project):
                    _undo(aside, project)
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        cure = "free some space" if full else "mend the folder's rights"
        old = next(project.glob(f"{ASIDE}*/old-*"), None)
        before = f"lies in {old.parent} until the next run puts it back" if old else "is as it was"
        raise HogarError(
            f"{error.filename or project}: the market could not be written: {error.strerror or error}; what was there "
            f"before {before}; {cure}, then run this again"
        ) from error


def put_in_place(aside: Path, project: Path) -> None:
    """The old market steps aside, its data first; then comes the new one, its data last. `aside_of` undoes a half."""
    digests = {path.relative_to(aside).as_posix(): _digest(path) for path in _files(aside)}
    (aside / FILES).write_bytes(msgspec.json.encode(digests))
    with _alone_in(project):
        _refuse_foreign(project)
        (aside / BEGUN).touch()
        for folder in reversed(FOLDERS):
            if (project / folder).exists():
                os.replace(project / folder, aside / f"old-{folder}")
        for folder in FOLDERS:
            os.replace(aside / folder, project / folder)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Waits until no other process holds the folder. A project is held for moments: to begin, and to replace."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sweep(left: Path, project: Path) -> None:
    """Removes a folder that no living process holds, after what it had begun to replace is back."""
    try:
        handle = os.open(left, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        _undo(left, project)
        shutil.rmtree(left, ignore_errors=True)
    finally:
        os.close(handle)


def _undo(aside: Path, project: Path) -> None:
    """Of a replacement that did not come to its end: what came goes, what went comes back."""
    if not (aside / BEGUN).exists() or not (aside / "data").exists():
        return
    for folder in FOLDERS:
        if not (aside / folder).exists():
            os.replace(project / folder, aside / folder)
    for folder in FOLDERS:
        if (aside / f"old-{folder}").exists():
            os.replace(aside / f"old-{folder}", project / folder)


def _refuse_foreign(project: Path) -> None:
    """A market takes the place of a market: a file that none wrote, or that was changed since, is its user's own."""
    try:
        digests = msgspec.json.decode((project / FILES).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        digests = {}
    foreign = []
    for path in _files(project):
        name = path.relative_to(project).as_posix()
        ours = name in digests and path.is_file() and not path.is_symlink() and _digest(path) == digests[name]
        if not ours and name not in (FILES.as_posix(), *PLAYED):
            foreign.append(name)
    if foreign:
        more = f" and {len(foreign) - NAMED_MAX} more" if len(foreign) > NAMED_MAX else ""
        raise UsageError(
            f"{project}: a new market would replace what no market wrote, or what was changed since: "
            f"{', '.join(foreign[:NAMED_MAX])}{more}; name another folder, or move these files away"
        )


def _files(project: Path) -> list[Path]:
    """Whatever lies in a market's folders and is no folder itself; a link is not followed."""
    found = (path for top in FOLDERS for path in (project / top, *sorted((project / top).rglob("*"))))
    return [path for path in found if path.is_symlink() or (path.exists() and not path.is_dir())]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
