"""Does a build know anything of the truth? Without it, or with rubbish in its place, it publishes the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.market


def test_a_build_without_the_truth_or_with_rubbish_publishes_the_same(
    tmp_path: Path, hogar: Any, copy_of: Callable[[Path], Path]
) -> None:
    """Three builds of one market of 300 persons: with its truth, without, with rubbish in every file of it."""
    made = tmp_path / "made" / "acme"
    assert hogar("twin", "generate", made, "--persons", 300, "--seed", 4, "--no-records").code == 0
    published = []
    for change in (_nothing, shutil.rmtree, _rubbish):
        project = copy_of(made)
        change(project / "truth")
        ran = hogar("build", "--project", project, "--json")
        assert ran.code == 0, ran.err
        published.append(_published(project))
        shutil.rmtree(project)
    assert len(published[0]) > 10
    assert published[0] == published[1]
    assert published[0] == published[2]


def _nothing(truth: Path) -> None:
    assert truth.is_dir()


def _rubbish(truth: Path) -> None:
    for path in truth.iterdir():
        path.write_bytes(b"no truth at all")


def _published(project: Path) -> dict[str, bytes]:
    """What the build left behind, step by step; reports tell how long it took and are left out."""
    steps = project / ".hogar" / "data" / "steps"
    return {
        str(path.relative_to(steps)): path.read_bytes()
        for path in sorted(steps.rglob("*"))
        if path.is_file() and path.name not in (".files.json", "report.json")
    }
