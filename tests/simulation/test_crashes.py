"""`kill -9` at any moment leaves decision, contact and message together, and nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import small_market

from hogar.runtime import campaign_runs, outbox
from hogar.runtime.replay import replay

HOMES = 400


def homes() -> list[small_market.HouseholdProfile]:
    """Enough homes for a run to be interrupted."""
    return [small_market.home(number) for number in range(1, HOMES + 1)]


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Run and deliver the campaign in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    return subprocess.Popen([sys.executable, __file__, str(folder)], env=environment)


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.85])
def test_a_killed_campaign_is_finished_by_the_next(tmp_path: Path, share: float) -> None:
    """Whenever it dies, the facts stay together; the next run does the rest, and each home is spoken to once."""
    engine = small_market.engine(tmp_path, homes())
    process = start(tmp_path)
    deadline = time.monotonic() + 60
    while engine.ledger.counts().get("decision.campaign.made", 0) < share * HOMES and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    together(engine)
    report = campaign_runs.run(engine, "renewals")
    outbox.deliver(engine)
    assert (report.audience, report.proposed) == (2 * HOMES, HOMES)
    together(engine)
    assert engine.ledger.counts()["outbox.delivered"] == HOMES
    lines = [
        json.loads(line) for path in engine.outbox.glob("*.jsonl") for line in path.read_text().splitlines()
    ]
    assert len({line["idempotency_key"] for line in lines}) == len(lines) == HOMES
    for id_ in engine.ledger.decision_ids(limit=20):
        assert replay(engine, id_).identical


def together(engine: small_market.Engine) -> None:
    """Each decision with a proposal has its contact and its message, and none of them is without it."""
    row = engine.ledger.connection.execute(
        "SELECT (SELECT count(*) FROM decision WHERE proposals = 1), (SELECT count(*) FROM contact), "
        "(SELECT count(*) FROM outbox), (SELECT count(*) FROM decision d JOIN contact c ON c.decision_id = d.id "
        "JOIN outbox o ON o.decision_id = d.id AND o.contact = c.id)"
    ).fetchone()
    assert len(set(row)) == 1


if __name__ == "__main__":
    campaign_runs.ROWS_MAX = 16  # smaller groups: more moments to die in
    running = small_market.engine(Path(sys.argv[1]), homes(), publish=False)
    campaign_runs.run(running, "renewals")
    outbox.deliver(running)
