"""Members of one household browse at once, in one process and in several: the cap is never exceeded."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
import small_market

from hogar.decide import decode_decision
from hogar.runtime.api import Server, TooBusy
from hogar.runtime.inbound import InboundAnswer, InboundRequest, decide_inbound
from hogar.runtime.replay import replay

REQUEST = InboundRequest(channel="web", person="P-crm:00001a")
CAP = 4


def test_eight_requests_of_one_household_at_once(tmp_path: Path) -> None:
    """Exactly as many proposals as the cap allows; the others are silent for that reason, not by contention."""
    engine = small_market.engine(tmp_path)
    server = Server(engine, api_key=None)

    async def eight() -> list[InboundAnswer]:
        async with server.running():
            return await asyncio.gather(*(server.decide(REQUEST) for _ in range(8)))

    answers = asyncio.run(eight())
    assert sorted(len(answer.proposals) for answer in answers) == [0] * 4 + [1] * CAP
    assert {answer.silence for answer in answers} == {None}
    assert all(replay(engine, answer.decision).identical for answer in answers)
    assert server.metrics.conflicts == 0


def test_many_households_share_a_commit(tmp_path: Path) -> None:
    """While one group is being written the next one gathers."""
    engine = small_market.engine(tmp_path, [small_market.home(number) for number in range(1, 201)])
    server = Server(engine, api_key=None)

    async def all_of_them() -> None:
        async with server.running():
            await asyncio.gather(
                *(
                    server.decide(InboundRequest(channel="web", person=f"P-crm:{number:05d}a"))
                    for number in range(1, 201)
                )
            )

    asyncio.run(all_of_them())
    assert engine.ledger.counts()["contact.impression.made"] == 200
    assert server.writer.rows == 200
    assert server.writer.groups < 100


def test_a_full_house_says_so_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound a request is refused instead of waiting for ever."""
    monkeypatch.setattr("hogar.runtime.api.writer.WAITING_MAX", 2)
    server = Server(small_market.engine(tmp_path), api_key=None)

    async def many() -> list[InboundAnswer | BaseException]:
        async with server.running():
            requests = [InboundRequest(channel="web", person=f"P-crm:{n:05d}a") for n in range(1, 11)]
            return await asyncio.gather(*(server.decide(one) for one in requests), return_exceptions=True)

    answers = asyncio.run(many())
    assert sum(isinstance(answer, TooBusy) for answer in answers) == 8
    assert sum(isinstance(answer, InboundAnswer) for answer in answers) == 2


def test_three_processes_spend_one_cap(tmp_path: Path) -> None:
    """Separate processes meet in the ledger only: together they stay within the cap."""
    engine = small_market.engine(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    processes = [
        subprocess.Popen([sys.executable, __file__, str(tmp_path)], env=environment) for _ in range(3)
    ]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    rows = [engine.ledger.decision(id_) for id_ in engine.ledger.decision_ids()]
    assert len(rows) == 30
    assert sum(len(decode_decision(row.decision).proposals) for row in rows if row is not None) == CAP
    assert engine.ledger.counts()["contact.impression.made"] == CAP


if __name__ == "__main__":
    running = small_market.engine(Path(sys.argv[1]), publish=False)
    for _ in range(10):
        decide_inbound(running, REQUEST)
