"""Is a finished folder still whole? The names and sizes of its files, kept beside them when it was finished.

Takes folders. Finds files that are lost, cut short or grown; not bytes changed in place. Before: `state` and
`profiles` seal what they write and ask before they believe it.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

FILE = ".files.json"


def seal(folder: Path) -> None:
    """Write down the size of every file below the folder, which is finished now."""
    sizes = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / FILE
    }
    (folder / FILE).write_bytes(msgspec.json.encode(sizes))


def sizes_of(folder: Path) -> dict[str, int] | None:
    """The sizes as they were written down; None where they are lost or damaged themselves."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError):
        return None


def is_whole(folder: Path) -> bool:
    """Whether every file that the folder was sealed with is there in its size."""
    sizes = sizes_of(folder)
    return sizes is not None and all(size_of(folder / name) == size for name, size in sizes.items())


def size_of(path: Path) -> int | None:
    """The bytes of a file; None where there is no such file."""
    return path.stat().st_size if path.is_file() else None
