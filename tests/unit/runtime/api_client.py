"""A client of the API without a network, and one decision asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from hogar.runtime.api import Server, application

PAYER = "P-crm:00001a"


class Client:
    """Calls a server's application, without a network."""

    def __init__(self, runner: asyncio.Runner, client: httpx.AsyncClient) -> None:
        self._runner, self._client = runner, client

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One call."""
        return self._runner.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        """One GET."""
        return self.request("GET", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        """One PUT."""
        return self.request("PUT", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """One POST."""
        return self.request("POST", path, **more)


@contextmanager
def calling(server: Server) -> Iterator[Client]:
    """A client of a server that runs."""
    transport = httpx.ASGITransport(app=application(server))
    client = httpx.AsyncClient(transport=transport, base_url="http://hogar.test")
    with asyncio.Runner() as runner:
        running = server.running()
        runner.run(running.__aenter__())
        try:
            yield Client(runner, client)
        finally:
            runner.run(client.aclose())
            runner.run(running.__aexit__(None, None, None))


def decided(client: Client, **more: object) -> dict[str, object]:
    """One decision for the payer."""
    answer = client.post("/v1/decisions", json={"person": PAYER, "channel": "web", **more})
    assert answer.status_code == 200
    return dict(answer.json())
