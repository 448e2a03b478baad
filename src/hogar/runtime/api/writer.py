"""How do many requests share one durable commit? One thread writes; what waits while it writes goes together next.

Takes drafts from an event loop, returns futures of their outcomes, done after the commit is on the disk. While one
group is being synced the next one gathers: the busier, the larger the groups, up to `ROWS_MAX`; idle, nobody waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from hogar.errors import HogarError
from hogar.stores.commit import ROWS_MAX, Draft, Outcome, commit
from hogar.stores.ledger import Ledger

WAITING_MAX = 2048
"""Jobs that may wait; beyond it the house says that it is too busy, at once."""

Result = TypeVar("Result")


class TooBusy(HogarError):
    """Too many requests wait for the ledger: try again in a moment."""


class Writer:
    """One writing thread with its own connection to the ledger, used from one event loop."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.groups = 0
        self.rows = 0
        self._loop = loop
        self._ledger = Ledger.open(path)  # here, so that who starts us hears of what is wrong with it
        self._waiting = 0
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="ledger-writer", daemon=True)
        self._thread.start()

    async def commit(self, draft: Draft) -> Outcome:
        """What became of the draft, once that is durable. Raises TooBusy, and what the ledger raises."""
        outcome: Outcome = await self._submit(_Job(draft=draft))
        return outcome

    async def run(self, work: Callable[[Ledger], Result]) -> Result:
        """Another write (an answer, events), in the same thread, between two groups."""
        result: Result = await self._submit(_Job(work=work))
        return result

    async def close(self) -> None:
        """Write what waits, then end."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _submit(self, job: _Job) -> Any:
        if self._waiting >= WAITING_MAX or not self._thread.is_alive():
            raise TooBusy
        job.future = self._loop.create_future()
        self._waiting += 1
        self._queue.put(job)
        try:
            return await asyncio.shield(job.future)
        finally:
            self._waiting -= 1

    def _work(self) -> None:
        with self._ledger as ledger:
            going = True
            while going:
                job = self._queue.get()
                group: list[_Job] = []
                while job is not None and job.draft is not None:
                    group.append(job)
                    if len(group) == ROWS_MAX or self._queue.empty():
                        break
                    job = self._queue.get()
                if group:
                    self._commit(ledger, group)
                if job is None:
                    going = False
                elif job.work is not None:
                    self._run(ledger, job)

    def _commit(self, ledger: Ledger, group: list[_Job]) -> None:
        self.groups += 1
        self.rows += len(group)
        drafts = [job.draft for job in group if job.draft is not None]
        try:
            results: list[object] = list(commit(ledger, drafts))
        except Exception as error:
            if len(group) > 1:  # one bad draft must not take its neighbours along
                for job in group:
                    self._commit(ledger, [job])
                return
            results = [error]
        self._loop.call_soon_threadsafe(_settle, group, results)

    def _run(self, ledger: Ledger, job: _Job) -> None:
        assert job.work is not None
        try:
            result: object = job.work(ledger)
        except Exception as error:
            result = error
        self._loop.call_soon_threadsafe(_settle, [job], [result])


class _Job:
    """A draft or another write, and the future that waits for it."""

    __slots__ = ("draft", "future", "work")

    def __init__(self, draft: Draft | None = None, work: Callable[[Ledger], object] | None = None) -> None:
        self.draft = draft
        self.work = work
        self.future: asyncio.Future[Any]


def _settle(group: list[_Job], results: list[object]) -> None:
    for job, result in zip(group, results, strict=True):
        if job.future.done():
            continue
        if isinstance(result, Exception):
            job.future.set_exception(result)
        else:
            job.future.set_result(result)
