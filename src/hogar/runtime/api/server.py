"""What does a serving process hold? The engine, the writer, the counters, one lock a household in use.

`Server.decide` is the hot path: gather and decide in the event loop, commit with others in the writer's thread. Calls
for one household go one after the other, so two members who browse at once do not spend the same cap; other processes
are met by the commit's check. Where another strategy went live, decisions wait until it is compiled in a thread; the
loop goes on meanwhile, and nothing is decided under the one before. Neighbours: `handlers` call it, `serving`
starts it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TypeVar

from hogar.runtime.api.metrics import Metrics
from hogar.runtime.api.writer import Writer
from hogar.runtime.engine import Engine, Live
from hogar.runtime.gather import locate
from hogar.runtime.inbound import (
    ATTEMPTS_MAX,
    InboundAnswer,
    InboundRequest,
    Prepared,
    answer,
    check,
    prepare,
)
from hogar.stores.ledger import Ledger

Result = TypeVar("Result")


class Server:
    """One serving process. `arrived` is called when events were appended, so that triggers run at once."""

    def __init__(
        self, engine: Engine, *, api_key: str | None, arrived: Callable[[], None] = lambda: None
    ) -> None:
        self.engine = engine
        self.api_key = api_key
        self.arrived = arrived
        self.metrics = Metrics()
        self._writer: Writer | None = None
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}
        self._opening: asyncio.Task[Live] | None = None

    @property
    def writer(self) -> Writer:
        """The writing thread, there while the server runs."""
        assert self._writer is not None, "the server runs"
        return self._writer

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start the writer; at the end write what waits."""
        self._writer = Writer(self.engine.ledger.path, asyncio.get_running_loop())
        try:
            yield
        finally:
            await self._writer.close()

    async def live(self) -> Live:
        """What is live now, opened beside the loop where it is new; whoever comes meanwhile waits for the same."""
        while (live := self.engine.live_if_open()) is None:
            if self._opening is None:
                self._opening = asyncio.create_task(self.aside(lambda engine: engine.live()))
            try:
                await asyncio.shield(self._opening)
            finally:
                if self._opening is not None and self._opening.done():
                    self._opening = None
        return live

    async def aside(self, work: Callable[[Engine], Result]) -> Result:
        """Do what may take a while in a thread, on a connection of its own; what it opens is open here too."""

        def done() -> Result:
            with Ledger.open(self.engine.ledger.path) as ledger:
                return work(self.engine.beside(ledger))

        return await asyncio.to_thread(done)

    async def decide(self, request: InboundRequest) -> InboundAnswer:
        """Decide for the person in front of us; the answer comes when it is durable."""
        started = perf_counter()
        check(request)
        household, _ = locate(
            await self.live(), person=request.person, party=request.party, line=request.line
        )
        async with self._alone(household.id):
            prepared = await self._committed(request)
        made = answer(prepared)
        result = "proposed" if made.proposals else "silent"
        self.metrics.decided(request.channel, result, (perf_counter() - started) * 1000)
        return made

    async def _committed(self, request: InboundRequest) -> Prepared:
        for _ in range(ATTEMPTS_MAX):
            await self.live()
            prepared = prepare(self.engine, request)
            if await self.writer.commit(prepared.draft) != "conflict":
                return prepared
            self.metrics.conflicts += 1
        await self.live()
        prepared = prepare(self.engine, request, silent=True)
        await self.writer.commit(prepared.draft)
        return prepared

    @asynccontextmanager
    async def _alone(self, household_id: str) -> AsyncIterator[None]:
        lock, users = self._locks.get(household_id, (None, 0))
        lock = lock or asyncio.Lock()
        self._locks[household_id] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            users = self._locks[household_id][1] - 1
            if users:
                self._locks[household_id] = lock, users
            else:
                del self._locks[household_id]
