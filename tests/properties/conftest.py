"""The random worlds of the kernel and of expressions, importable here."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in (Path(__file__).parents[1] / "unit" / "decide", Path(__file__).parent):
    sys.path.insert(0, str(folder))
