"""A file that somebody asked for is there whole, or as it was before; and the error names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hogar.stores.durable import NotWritten, write_file


def test_a_full_disk_leaves_the_file_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half is left behind, neither in place nor aside."""
    path = tmp_path / "o.svg"
    write_file(path, "before")
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(NotWritten, match=r"o\.svg: No space left on device; nothing was written there"):
        write_file(path, "after")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("o.svg", "before")]


def test_links_and_devices_are_followed(tmp_path: Path) -> None:
    """A link goes on pointing at its file, and a device is written straight."""
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_file(tmp_path / "link", b"1")
    assert ((tmp_path / "file").read_bytes(), (tmp_path / "link").is_symlink()) == (b"1", True)
    write_file(Path("/dev/null"), b"2")
    with pytest.raises(NotWritten, match="Is a directory"):
        write_file(tmp_path, b"3")


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")
