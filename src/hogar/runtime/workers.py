"""Who does long work over the base? This process, or several that each open the engine for themselves.

Takes a task and its parts; gives the results in the order of the parts, whoever worked them out, so an answer never
depends on how many worked. Used by `whatif` and `replay_many`; only reading work is done here.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from itertools import islice
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

from hogar.errors import HogarError
from hogar.runtime.engine import Engine

Part = TypeVar("Part", contravariant=True)
Result = TypeVar("Result", covariant=True)
Opener = Callable[[], AbstractContextManager[Engine]]
"""Opens the engine over what is published; another process gets it pickled."""

JOBS_MAX, JOBS_UNASKED_MAX = 64, 8
WAITING_MAX = 4  # parts a process that are asked for ahead: bounds what is held


class WorkerLost(HogarError):
    """One of the processes that shared the work ended, perhaps for want of memory: try again with `--jobs 1`."""


class Task(Protocol[Part, Result]):
    """Work that is sent to a process once: `on` makes it ready over an engine, the answer does one part."""

    def on(self, engine: Engine) -> Callable[[Part], Result]:
        """The work, ready over this engine."""
        ...


def spread(
    task: Task[Part, Result],
    parts: Iterable[Part],
    here: Callable[[Part], Result],
    *,
    opener: Opener | None = None,
    jobs: int = 1,
) -> Iterator[Result]:
    """The results of all parts in their order: by `jobs` processes, each with the task over an engine of its own.

    Without an opener, or with one job, by this process: `here` is the task that is ready over its engine.
    """
    if opener is None or jobs <= 1:
        yield from map(here, parts)
        return
    with ProcessPoolExecutor(
        min(jobs, JOBS_MAX), mp_context=get_context("spawn"), initializer=_begin, initargs=(task, opener)
    ) as pool:
        waiting: deque[Future[Result]] = deque()
        left = iter(parts)
        try:
            for part in islice(left, WAITING_MAX * jobs):
                waiting.append(pool.submit(_do, part))
            while waiting:
                try:
                    result = waiting.popleft().result()
                except BrokenProcessPool as error:
                    raise WorkerLost from error
                for part in islice(left, 1):
                    waiting.append(pool.submit(_do, part))
                yield result
        finally:
            for future in waiting:
                future.cancel()


def jobs_for(amount: int, *, least: int, wanted: int | None = None) -> int:
    """How many processes work that consists of `amount` pieces is worth: one where there are fewer than `least`."""
    if wanted is not None:
        return max(1, min(wanted, JOBS_MAX))
    return 1 if amount < least else min(os.cpu_count() or 1, JOBS_UNASKED_MAX)


_ready: list[Any] = []  # in a worker: the opened engine, kept open, and the task over it


def _begin(task: Task[Any, Any], opener: Opener) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked
    opened = opener()
    _ready[:] = [opened, task.on(opened.__enter__())]
    gc.freeze()  # what is loaded stays: looking through it again and again would cost a fifth of the work
    atexit.register(gc.unfreeze)  # libraries look for what was left over at their end


def _do(part: Any) -> Any:
    return _ready[1](part)
