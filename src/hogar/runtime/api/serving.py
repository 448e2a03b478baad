"""How does the house stay open? One process: the API, and a thread that runs triggers and delivers the outbox.

Takes an engine; returns when it is told to stop and everything that waits is written. Neighbours: `routes`, `triggers`,
`outbox`.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from threading import Event, Thread

import uvicorn

from hogar.errors import UsageError
from hogar.runtime import outbox, triggers
from hogar.runtime.api.metrics import Metrics
from hogar.runtime.api.routes import application
from hogar.runtime.api.server import Server
from hogar.runtime.engine import Engine, NothingPublished
from hogar.stores.ledger import Ledger
from hogar.stores.lock import LockedError

CONNECTIONS_MAX = 1024
STOP_SECONDS_MAX = 10
KEEP_ALIVE_SECONDS = 75  # longer than the load balancer's, so that it is the one who closes
IDLE_SECONDS = 1.0

_LOG = logging.getLogger("hogar.runtime")


def serve(
    engine: Engine,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    api_key: str | None = None,
    open_: bool = False,
    work: bool = True,
    started: Callable[[str], None] | None = None,
) -> None:
    """Serve until a signal says stop. `open_` needs no key, on loopback only; else `api_key` is demanded.

    `work` also runs triggers and delivers the outbox. `started` is told the address once requests are answered.
    Raises UsageError for a missing key, or an open server that is not on loopback.
    """
    if open_ and not _loopback(host):
        raise UsageError(
            f"an open server listens on loopback only, not on {host}; without `--open` it wants a key"
        )
    if not open_ and not api_key:
        raise UsageError(
            "without an API key the server is not opened to anybody; set HOGAR_API_KEY, or use `--open`"
        )
    worker = Worker(engine) if work else None
    server = Server(
        engine, api_key=None if open_ else api_key, arrived=worker.wake if worker else lambda: None
    )
    if worker is not None:
        worker.metrics = server.metrics
    uvicorn_server = _Announcing(
        uvicorn.Config(
            application(server), host=host, port=port, loop="uvloop", http="httptools", ws="none", lifespan="on",
            log_level="warning", access_log=False, limit_concurrency=CONNECTIONS_MAX, backlog=CONNECTIONS_MAX,
            timeout_graceful_shutdown=STOP_SECONDS_MAX, timeout_keep_alive=KEEP_ALIVE_SECONDS, server_header=False,
        ),
        started,
    )  # fmt: skip
    if worker is not None:
        worker.start()
    try:
        uvicorn_server.run()
    finally:
        if worker is not None:
            worker.stop()


class Worker:
    """A thread that consumes events and delivers messages as they come, on its own connection to the ledger."""

    def __init__(self, engine: Engine) -> None:
        self.metrics: Metrics | None = None
        self._engine = engine
        self._wake = Event()
        self._stopping = False
        self._thread = Thread(target=self._work, name="triggers-and-outbox", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to do."""
        self._wake.set()

    def stop(self) -> None:
        """End after the round that is running."""
        self._stopping = True
        self._wake.set()
        self._thread.join(STOP_SECONDS_MAX)

    def _work(self) -> None:
        with Ledger.open(self._engine.ledger.path) as ledger:
            engine = self._engine.beside(ledger)
            while not self._stopping:
                self._wake.clear()
                try:
                    triggers.consume(engine)
                    self._count(outbox.deliver(engine))
                except (NothingPublished, LockedError):
                    pass  # nothing is live yet, or another process delivers: the next round sees
                except Exception:
                    _LOG.exception("a round of triggers and outbox failed; it is tried again")
                self._wake.wait(IDLE_SECONDS)

    def _count(self, report: outbox.DeliveryReport) -> None:
        if self.metrics is not None:
            self.metrics.messages["delivered"] += report.delivered
            self.metrics.messages["expired"] += report.expired
            self.metrics.messages["failed"] += sum(report.failed.values())


class _Announcing(uvicorn.Server):
    """Tells its address once it listens."""

    def __init__(self, config: uvicorn.Config, started: Callable[[str], None] | None) -> None:
        super().__init__(config)
        self._announce = started

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets=sockets)  # type: ignore[arg-type]
        if self.started and self._announce is not None:
            port = self.servers[0].sockets[0].getsockname()[1]
            self._announce(f"http://{self.config.host}:{port}/")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
