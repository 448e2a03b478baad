"""How do bytes survive a power cut? Files and folders are synced before a name points at them.

Takes paths; returns when the disk has the bytes. After: `state` renames and points.
"""

from __future__ import annotations

import os
from pathlib import Path

from hogar.errors import HogarError


class NotWritten(HogarError):
    """A file that somebody asked for could not be written."""


def replace_file(path: Path, content: bytes) -> None:
    """Give `path` this content in one step: a reader sees the old bytes or the new, never a part.

    Written aside, synced, renamed over the old, and the folder synced. Creates missing folders.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, content)
    make_durable(path.parent, deep=False)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file that somebody asked for, whole or not at all. Raises `NotWritten`, which names it.

    A device such as /dev/stdout is written straight: there is nothing to rename over.
    """
    raw = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(raw)
        else:
            _replace(path.resolve(), raw)
    except OSError as error:
        raise NotWritten(f"{path}: {error.strerror or error}; nothing was written there") from error


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_name(f".tmp-{path.name}-{os.getpid()}")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            aside.chmod(path.stat().st_mode & 0o7777)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def make_durable(folder: Path, *, deep: bool = True) -> None:
    """Sync a folder's entries and, when `deep`, every file and folder below it, leaves first."""
    if deep:
        for root, _, names in os.walk(folder, topdown=False):
            for name in names:
                _sync(Path(root) / name, os.O_RDONLY)
            _sync(Path(root), os.O_RDONLY | os.O_DIRECTORY)
    else:
        _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
