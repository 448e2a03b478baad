"""What is live is changed by the API as by the commands: named, at once, and without holding up the loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import small_market
from tests.unit.runtime.api_client import Client, calling, decided
from tests.unit.runtime.strategies_by_hand import ANA, PLAN, TWO_OBJECTIVES, proposed, row, row_of

from hogar.runtime.api import Server
from hogar.runtime.engine import Engine
from hogar.runtime.inbound import InboundRequest
from hogar.runtime.strategies import controls
from hogar.stores.ledger import Ledger, StrategyRow
from hogar.strategy.types import Strategy

WHO = {"by": "Ben", "why": "the price was wrong"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The small market with two objectives."""
    return small_market.engine(tmp_path, texts=TWO_OBJECTIVES)


@pytest.fixture
def client(engine: Engine) -> Iterator[Client]:
    """A client of an open server."""
    with calling(Server(engine, api_key=None)) as client:
        yield client


def test_controls_are_read_and_set_whole(client: Client) -> None:
    """The next decision is under them; what is left out is not set any more; a stale change is refused."""
    found = client.get("/v1/controls").json()
    assert found["controls"]["objectives"] == ["yearly", "tenth"]
    assert found["stop"] == {"all": False, "channels": [], "actions": []}
    wanted = {**WHO, "objective": "tenth", "levers": [{"purpose": "upgrade", "weight": 2, "until": "2099-01-31"}],
              "prices": [{"channel": "web", "eur": 0.5}], "strategy": found["controls"]["strategy"]}  # fmt: skip
    done = client.put("/v1/controls", json=wanted)
    assert (done.status_code, done.json()["controls"]["levers"]) == (
        200, [{"weight": 2.0, "purpose": "upgrade", "until": "2099-01-31"}],
    )  # fmt: skip
    made = decided(client)
    assert made["strategy"] == done.json()["strategy"]
    assert made["proposals"][0]["value_eur"] == 48.0  # type: ignore[index]
    stale = client.put("/v1/controls", json=wanted)
    assert (stale.status_code, stale.json()["code"]) == (409, "other_strategy_live")
    assert client.put("/v1/controls", json=WHO).json()["controls"]["objective"] == "yearly"


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "words"),
    [
        ("/v1/controls", {**WHO, "objective": "tent"}, 400, "bad_request", "did you mean `tenth`?"),
        ("/v1/controls", {"objective": "tenth", "why": ""}, 422, "invalid_body", "`by`"),
        ("/v1/controls", {**WHO, "levers": [{"porpose": "x", "weight": 1}]}, 422, "invalid_body", "porpose"),
        ("/v1/stop", {**WHO, "channels": ["smss"]}, 400, "bad_request", "did you mean `sms`?"),
        ("/v1/stop", {"by": " ", "why": ""}, 400, "bad_request", "`by` says who"),
        ("/v1/strategies/zzzz/approve", WHO, 404, "unknown_strategy", "zzzz"),
        ("/v1/strategies/live/approve", WHO, 400, "bad_request", "not proposed"),
        ("/v1/strategies/live/rollback", WHO, 400, "bad_request", "is live now"),
    ],
)
def test_what_is_wrong_is_said_and_moves_nothing(
    client: Client, engine: Engine, path: str, body: dict[str, Any], status: int, code: str, words: str
) -> None:
    """A stable code, and the neighbour of a misspelt name."""
    before = engine.ledger.pointers(), engine.ledger.audit()
    answer = client.request("PUT" if path.endswith("controls") else "POST", path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert words in answer.json()["message"]
    assert (engine.ledger.pointers(), engine.ledger.audit()) == before


def test_a_stop_by_the_api_holds_at_the_next_decision(client: Client) -> None:
    """It shows in the answer, in the controls, on the page; and is lifted."""
    assert client.post("/v1/stop", json={**WHO, "channels": ["web"]}).json()["channels"] == ["web"]
    assert decided(client)["silence"] == "stopped"
    assert "channel web" in client.get("/").text
    assert client.post("/v1/resume", json=WHO).json()["channels"] == []
    assert decided(client)["silence"] is None


def test_a_proposal_is_compared_approved_and_rolled_back(client: Client, engine: Engine) -> None:
    """The whole way by HTTP, and each step in the audit under the stated name and the account `api`."""
    engine.approvals = 2
    changed = {**TWO_OBJECTIVES, PLAN: TWO_OBJECTIVES[PLAN].replace("0.3", "0.1")}
    hash_ = proposed(engine, row_of(changed))
    told = client.get(f"/v1/strategies/{hash_[:8]}/diff").json()["changes"]
    assert [one["words"] for one in told] == ["action `family_plan`, interest: `0.3` becomes `0.1`"]
    refused = client.post(f"/v1/strategies/{hash_}/approve", json={"by": "ana", "why": "mine"})
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    first = client.get("/v1/strategies").json()
    assert [one["state"] for one in first["strategies"]] == ["proposed", "live"]
    assert client.post(f"/v1/strategies/{hash_}/approve", json=WHO).json()["strategy"] == hash_
    assert decided(client)["strategy"] == hash_
    back = client.post(f"/v1/strategies/{first['live']}/rollback", json=WHO)
    gone_back = back.json()
    assert [one["words"] for one in gone_back.pop("difference")["changes"]] == [
        "action `family_plan`, interest: `0.1` becomes `0.3`"
    ]
    assert gone_back == {
        "strategy": first["live"], "profile": first["profile"], "before": hash_, "controls_kept": False,
    }  # fmt: skip
    assert client.post("/v1/strategies/before/rollback", json=WHO).json()["strategy"] == hash_
    assert client.post("/v1/strategies/before/rollback", json=WHO).json()["controls_kept"] is True
    again = proposed(engine, row(new="interest: 0.2"))
    assert client.post(f"/v1/strategies/{again}/reject", json=WHO).json()["state"] == "rejected"
    audit = client.get("/v1/audit").json()["entries"]
    assert [(one["what"], one["by"]) for one in audit[:4]] == [
        ("reject", "Ben (api)"), ("propose", "Ana (ops7)"), ("rollback", "Ben (api)"), ("rollback", "Ben (api)"),
    ]  # fmt: skip
    assert client.get("/v1/audit?limit=2").json()["entries"] == audit[:2]


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/v1/audit?limit=none", 400, "`limit` is a whole number from 1"),
        ("GET", "/v1/audit?limits=3", 400, "did you mean `limit`?"),
        ("GET", "/v1/strategies?limit=3", 400, "it takes none"),
        ("GET", "/v1/strategie", 404, "did you mean `/v1/strategies`?"),
        ("GET", "/v1/stop", 405, "`/v1/stop` takes POST"),
        ("GET", "/v1/strategies/ffffff/diff", 404, "`GET /v1/strategies` lists them"),
    ],
)
def test_what_cannot_be_called_is_told_what_can(
    client: Client, method: str, path: str, status: int, words: str
) -> None:
    """In the words of who calls, not of who types commands."""
    answer = client.request(method, path)
    assert (answer.status_code, words in answer.json()["message"]) == (status, True), answer.json()


def test_another_answer_under_the_same_id_is_refused(client: Client) -> None:
    """The first word stands, and who says another is told."""
    made = decided(client)
    answer = {"decision": made["decision"], "outcome": "later", "id": "cc-1"}
    assert client.post("/v1/responses", json=answer).status_code == 201
    assert client.post("/v1/responses", json={**answer, "by": "agent 9"}).status_code == 200
    other = client.post("/v1/responses", json={**answer, "outcome": "accepted"})
    assert (other.status_code, other.json()["code"]) == (409, "another_answer")
    assert "`later`" in other.json()["message"]
    explanation = client.get(f"/v1/decisions/{made['decision']}/explanation").json()
    assert [one[3] for one in explanation["responses"]] == ["later"]


def test_a_switch_elsewhere_holds_up_decisions_not_the_loop(tmp_path: Path) -> None:
    """Another process switches: the loop goes on while the new strategy compiles, and no decision is under the old."""
    made = small_market.engine(tmp_path, texts=TWO_OBJECTIVES)
    real, compiling = made.compile_strategy, 0.3

    def slow(row: StrategyRow) -> Strategy:
        time.sleep(compiling)
        return real(row)

    async def work() -> tuple[list[str], float]:
        server = Server(made, api_key=None)
        async with server.running():
            await server.decide(InboundRequest(channel="web", person="P-crm:00001a"))
            made.compile_strategy = slow
            with Ledger.open(tmp_path / "ledger.db") as ledger:
                other = small_market.engine(tmp_path, publish=False)
                switched = controls.change(other, lambda now: now.with_objective("tenth"), author=ANA)
                assert ledger.pointers()["strategy"] == switched.strategy
            waiting = [
                asyncio.create_task(
                    server.decide(InboundRequest(channel="web", person=f"P-crm:{number:05d}a"))
                )
                for number in range(2, 6)
            ]
            longest, last = 0.0, time.perf_counter()
            while not all(task.done() for task in waiting):
                await asyncio.sleep(0.001)
                longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
            answers = [task.result().strategy for task in waiting]
            assert set(answers) == {switched.strategy}
            return answers, longest

    began = time.perf_counter()
    _, longest = asyncio.run(work())
    assert time.perf_counter() - began > compiling
    assert longest < compiling / 2
