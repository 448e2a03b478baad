"""What is built, from what, as of when? The value that every step takes, and what steps give back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import hogar
from hogar.errors import UsageError
from hogar.households import Options
from hogar.sources import SiloSettings
from hogar.stores.reviews import Author
from hogar.stores.state import State, StateError

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Work:
    """One project over one data folder, now; `households` says what the resolution may look at.

    `author`, `why`, `approvals` (how many people a strategy needs) and `propose` are for the last step, publishing.
    """

    project: Path
    state: State
    now: datetime
    silos: Mapping[str, SiloSettings]
    households: Options = field(default_factory=Options)
    judgements: tuple[Path, ...] = ()
    language: str = "es"
    author: Author = field(default=Author("hogar", "hogar"))
    why: str = ""
    approvals: int = 1
    propose: bool = False
    progress: Progress = field(default=lambda _: None)

    def current(self, step: str) -> Path:
        """The finished folder of a step. Raises `UsageError` where it has not run, `StateError` where it is damaged."""
        folder = self.state.current(step)
        if folder is None and self.state.current_fingerprint(step) is not None:
            raise StateError(
                f"files that `{step}` made below {self.state.folder} are lost or damaged; run `hogar {step}` or "
                "`hogar build` to make them again"
            )
        if folder is None:
            raise UsageError(
                f"`{step}` has not run over {self.state.data}; run `hogar {step}` or `hogar build` first"
            )
        return folder

    def texts(self, *folders: str) -> dict[str, str]:
        """The text files of some of the project's folders by path relative to the project."""
        found: dict[str, str] = {}
        for folder in folders:
            for path in sorted((self.project / folder).rglob("*")):
                if path.suffix in (".yml", ".yaml", ".sql") and path.is_file():
                    name = path.relative_to(self.project).as_posix()
                    found[name] = path.read_bytes().decode("utf-8", errors="replace")
        return found

    def fingerprint(self, *parts: object) -> str:
        """A name for whatever the parts and this very code make: 20 hex digits."""
        digest = hashlib.sha256(_code())
        for part in parts:
            digest.update(repr(part).encode() + b"\0")
        return digest.hexdigest()[:20]


@cache
def _code() -> bytes:
    """A digest of the rooms that build: a changed query or constant makes every step anew."""
    digest = hashlib.sha256(hogar.__version__.encode())
    for room in ("telco", "expr", "models", "stores", "sources", "households", "features", "build"):
        for path in sorted((Path(hogar.__file__).parent / room).rglob("*")):
            if path.suffix in (".py", ".sql"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What one step came to: its report as plain data, seconds, and whether it ran or had been done before."""

    step: str
    report: dict[str, Any]
    seconds: float
    fresh: bool
