"""Processes that know nothing of each other share what the house can carry: together they never exceed it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import auditor
import small_market

from hogar.runtime import campaign_runs, triggers
from hogar.runtime.replay import replay

HOMES = 60
MOST = 25
TEXTS = {
    **small_market.TEXTS,
    "strategy/policies.yml": small_market.TEXTS["strategy/policies.yml"]
    + f"capacities: [{{name: said, channels: [sms, email], max: {MOST}, per: day}}]\n",
    "strategy/campaigns/other.yml": small_market.TEXTS["strategy/campaigns/renewals.yml"],
}


def test_two_campaigns_and_the_triggers_share_one_capacity(tmp_path: Path) -> None:
    """Three processes at once, then the next day again: the capacity is used up both times, and never exceeded."""
    homes = [small_market.home(number, device_age=25 + number % 5) for number in range(1, HOMES + 1)]
    engine = small_market.engine(tmp_path, homes, texts=TEXTS)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    for day, total in ((0, MOST), (1, 2 * MOST)):
        processes = [
            subprocess.Popen([sys.executable, __file__, str(tmp_path), work, str(day)], env=environment)
            for work in ("renewals", "other", "triggers")
        ]
        assert [process.wait(120) for process in processes] == [0, 0, 0]
        assert engine.ledger.counts()["contact.contact.reserved"] == total
    assert auditor.overruns(tmp_path / "ledger.db", ["sms", "email"], MOST, days=1) == []
    assert auditor.overruns(tmp_path / "ledger.db", ["sms", "email"], MOST - 1, days=1) != []
    assert all(replay(engine, id_).identical for id_ in engine.ledger.decision_ids(limit=1000))


if __name__ == "__main__":
    where, what, later = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    running = small_market.engine(
        where, publish=False, clock=lambda: small_market.NOW + timedelta(days=later)
    )
    if what == "triggers":
        arrived = small_market.arrivals(where, range(1, HOMES + 1), running.clock())
        triggers.run(running, arrived)
    else:
        campaign_runs.run(running, what)
