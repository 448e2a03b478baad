"""What does a serving process hold? The engine, the writer, the counters, one lock a household in use.

`Server.decide` is the hot path: gather and decide in the event loop, commit with others in the writer's thread. Calls
for one household go one after the other, so two members who browse at once do not spend the same cap; other processes
are met by the commit's check. Neighbours: `handlers` call it, `serve` starts it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter

from hogar.runtime.engine import Engine
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
from hogar.runtime.metrics import Metrics
from hogar.runtime.writer import Writer


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

    async def decide(self, request: InboundRequest) -> InboundAnswer:
        """Decide for the person in front of us; the answer comes when it is durable."""
        started = perf_counter()
        check(request)
        household, _ = locate(
            self.engine.live(), person=request.person, party=request.party, line=request.line
        )
        async with self._alone(household.id):
            prepared = await self._committed(request)
        made = answer(prepared)
        result = "proposed" if made.proposals else "silent"
        self.metrics.decided(request.channel, result, (perf_counter() - started) * 1000)
        return made

    async def _committed(self, request: InboundRequest) -> Prepared:
        for _ in range(ATTEMPTS_MAX):
            prepared = prepare(self.engine, request)
            if await self.writer.commit(prepared.draft) != "conflict":
                return prepared
            self.metrics.conflicts += 1
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
