"""How do bytes survive a power cut? Files and folders are synced before a name points at them.

Takes paths; returns when the disk has the bytes. After: `state` renames and points.
"""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Give `path` this content in one step: a reader sees the old bytes or the new, never a part.

    Written aside, synced, renamed over the old, and the folder synced. Creates missing folders.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".tmp-{path.name}-{os.getpid()}")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    make_durable(path.parent, deep=False)


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
