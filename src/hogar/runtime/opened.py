"""Which strategies are compiled and bound already? Shared by the threads of a process: each is made once.

Whoever asks first makes it, others wait for that one; what is there is had at once, also while another is being made.
The latest few are kept. Neighbour: `engine`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

KEPT_MAX = 4
"""The live one, the one that is about to be, and those that replays ask for."""

Key = tuple[str, str]
Kept = TypeVar("Kept")


class Opened(Generic[Kept]):
    """What is bound, by strategy and profile version."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._touching = Lock()  # for a moment
        self._making = Lock()  # as long as compiling takes

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def of_profile(self, version: str) -> Kept | None:
        """Anything that is bound to this profile version."""
        with self._touching:
            return next((kept for (_, profile), kept in self._kept.items() if profile == version), None)

    def get(self, key: Key, make: Callable[[], Kept]) -> Kept:
        """What is kept under the key, made now where it is not."""
        found = self._touched(key)
        if found is None:
            with self._making:
                found = self._touched(key)
                if found is None:
                    found = make()
                    self.keep(key, found)
        return found

    def keep(self, key: Key, made: Kept) -> None:
        """Keep what was made elsewhere; the one that was used longest ago goes."""
        with self._touching:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)

    def _touched(self, key: Key) -> Kept | None:
        with self._touching:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)
