"""How many examples a property is held against, and the kernel's homes, importable here.

`HOGAR_PROPERTIES=many` (what `make properties` sets) asks for many more, drawn anew each time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "decide"))

MANY = os.environ.get("HOGAR_PROPERTIES") == "many"
settings.register_profile("few", derandomize=True, deadline=None)
settings.register_profile("many", max_examples=2_000, deadline=None)
settings.load_profile("many" if MANY else "few")
