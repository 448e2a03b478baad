"""One demo for all tests of documents: the README's own command, run once."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A demo's project, its exit code, and what it said to people."""

    project: Path
    code: int
    words: str


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """`hogar demo --dir demo --no-serve`, as `make demo ARGS=--no-serve` runs it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("documents")
    done = subprocess.run(
        [sys.executable, "-m", "hogar", "demo", "--dir", "demo", "--no-serve"], cwd=folder, text=True,
        capture_output=True, env={**os.environ, "COLUMNS": "110"}, timeout=280,
    )  # fmt: skip
    return Demo(project=folder / "demo", code=done.returncode, words=done.stdout + done.stderr)
