"""The small market of the simulation tests, importable here, and an engine over it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "simulation"))

import small_market

from hogar.runtime.engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Ten homes, the small strategy, an empty ledger."""
    return small_market.engine(tmp_path)
