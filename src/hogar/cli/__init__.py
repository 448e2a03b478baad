"""Commands: what a person types. Each reads the settings, calls a function of a room, and says what came of it.

Exit codes: 0 good, 1 problems found, 2 wrong usage. `hogar --help` shows the way from silos to decisions.
"""

from hogar.cli.main import app, main

__all__ = ["app", "main"]
