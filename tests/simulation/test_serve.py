"""The server as it is run: it answers, triggers run and messages leave as events come, and it ends in order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import small_market

from hogar.runtime.api import serve

EVENT = {
    "specversion": "1.0", "id": "1", "source": "/network", "type": "com.acme.roaming.v1.arrived",
    "time": small_market.NOW.isoformat(), "subject": "crm:00001L0", "data": {"country": "US"},
}  # fmt: skip


def test_an_event_becomes_a_message_and_a_signal_ends_the_server(tmp_path: Path) -> None:
    """Decision, event, delivery, health; then SIGTERM: exit code 0, everything durable."""
    engine = small_market.engine(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    process = subprocess.Popen(
        [sys.executable, __file__, str(tmp_path)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    try:
        with httpx.Client(base_url=url) as client:
            assert client.get("/health").json()["status"] == "ready"
            made = client.post("/v1/decisions", json={"channel": "web", "person": "P-crm:00002a"}).json()
            assert client.post("/v1/events", json=EVENT).status_code == 202
            lines = delivered(tmp_path)
            assert 'hogar_messages_total{state="delivered"} 1' in client.get("/metrics").text
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
        process.stdout.close()
    assert lines[0]["message"]["said"]["text"] == "Bienvenido a US"
    assert engine.ledger.decision(made["decision"]) is not None


def delivered(folder: Path) -> list[dict[str, dict[str, dict[str, str]]]]:
    """The lines of the outbox files, waited for."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        lines = [
            line for path in (folder / "outbox").glob("*.jsonl") for line in path.read_text().splitlines()
        ]
        if lines:
            time.sleep(0.3)  # let the round that delivered it be counted
            return [json.loads(line) for line in lines]
        time.sleep(0.05)
    raise AssertionError("nothing was delivered")


if __name__ == "__main__":
    serve(
        small_market.engine(Path(sys.argv[1]), publish=False),
        port=0,
        open_=True,
        started=lambda url: print(url, flush=True),
    )
