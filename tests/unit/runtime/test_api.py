"""The API decides, explains, replays, listens; every error is data, and a key is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_market
from tests.unit.runtime.api_client import PAYER, Client, calling, decided

from hogar.errors import UsageError
from hogar.runtime.api import CALLS, Server, handlers, serve
from hogar.runtime.engine import Engine
from hogar.stores import events

EVENT = {
    "specversion": "1.0", "id": "1", "source": "/network", "type": "com.acme.roaming.v1.arrived",
    "time": "2026-03-02T09:59:00Z", "subject": "crm:00001L0", "data": {"country": "US"},
}  # fmt: skip


@pytest.fixture
def client(engine: Engine) -> Iterator[Client]:
    """A client of an open server."""
    with calling(Server(engine, api_key=None)) as client:
        yield client


def test_a_decision_is_made_kept_explained_and_replayed(client: Client) -> None:
    """One id leads to the record, the words and the same bytes again."""
    made = decided(client, reason="plans", context={"page": "plans"}, new_field_of_tomorrow=1)
    assert [one["action"] for one in made["proposals"]] == ["family_plan"]  # type: ignore[union-attr,index]
    path = f"/v1/decisions/{made['decision']}"
    assert client.get(path).json()["household"] == "H-crm:00001a"
    explanation = client.get(f"{path}/explanation").json()
    assert explanation["proposals"][0]["reason"] == "Ahorra 20 € al mes"
    assert explanation["asked"] == {
        "channels": "web", "context.channel": "web", "context.page": "plans", "context.reason": "plans",
    }  # fmt: skip
    assert client.post(f"{path}/replay").json()["identical"] is True


def test_a_household_shows_what_an_agent_may_see(client: Client) -> None:
    """Who, how sure, in which roles; nothing that somebody did, and no role of a minor."""
    made = decided(client)
    view = client.get("/v1/households/H-crm:00001a").json()
    assert [member["person"] for member in view["members"]] == [PAYER, "P-crm:00001b", "P-crm:00001c"]
    assert set(view["members"][0]) == {"person", "membership", "minor", "roles"}
    assert view["members"][2]["roles"] == {}
    assert (view["payer"], view["lines"], view["decisions"]) == (PAYER, 3, [made["decision"]])


def test_an_answer_is_kept_once(client: Client) -> None:
    """Accepted, declined, later, not mine: with an id of the channel's it may be sent again."""
    made = decided(client)
    answer = {"decision": made["decision"], "outcome": "not_mine", "by": "agent 7", "id": "cc-1"}
    first, second = client.post("/v1/responses", json=answer), client.post("/v1/responses", json=answer)
    assert (first.status_code, first.json()) == (201, {"response": "cc-1", "new": True})
    assert (second.status_code, second.json()["new"]) == (200, False)
    explanation = client.get(f"/v1/decisions/{made['decision']}/explanation").json()
    assert explanation["responses"][0][3] == "not_mine"
    beyond = client.post("/v1/responses", json={**answer, "proposal": 7, "id": "cc-2"})
    assert beyond.status_code == 400


def test_events_arrive_structured_binary_and_in_batches(client: Client, engine: Engine) -> None:
    """Each form leads to the same log, where each event is once."""
    one = client.post(
        "/v1/events", content=json.dumps(EVENT), headers={"content-type": "application/cloudevents+json"}
    )
    assert (one.status_code, one.json()) == (202, {"appended": 1, "duplicates": 0})
    batch = client.post("/v1/events", json=[EVENT, {**EVENT, "id": "2"}])
    assert batch.json() == {"appended": 1, "duplicates": 1}
    headers = {
        f"ce-{name}": str(EVENT[name]) for name in ("specversion", "source", "type", "time", "subject")
    }
    binary = client.post("/v1/events", json={"country": "US"}, headers={**headers, "ce-id": "b%20c"})
    assert binary.json()["appended"] == 1
    logged = events.after(engine.ledger, 0, 10)
    assert [event.id for event in logged] == ["1", "2", "b c"]
    assert {event.data["country"] for event in logged} == {"US"}


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("POST", "/v1/decisions", b"{oops", 400, "bad_json"),
        ("POST", "/v1/decisions", b"{}", 422, "invalid_body"),
        ("POST", "/v1/decisions", b'{"channel": "web", "person": 7}', 422, "invalid_body"),
        ("POST", "/v1/decisions", b'{"channel": "web"}', 400, "bad_request"),
        ("POST", "/v1/decisions", b'{"channel": "web", "person": "P-x"}', 404, "unknown_subject"),
        ("POST", "/v1/decisions", b" " * (handlers.BODY_BYTES_MAX + 1), 413, "body_too_large"),
        ("GET", "/v1/decisions", b"", 405, "method_not_allowed"),
        ("GET", "/v1/decisions/D-none", b"", 404, "unknown_decision"),
        ("GET", "/v1/decisions/D-none/explanation", b"", 404, "unknown_decision"),
        ("GET", "/v1/households/H-none", b"", 404, "unknown_subject"),
        ("POST", "/v1/responses", b'{"decision": "D-none", "outcome": "accepted"}', 404, "unknown_decision"),
        ("POST", "/v1/responses", b'{"decision": "D-none", "outcome": "maybe"}', 422, "invalid_body"),
        ("POST", "/v1/events", json.dumps({**EVENT, "time": "2027-01-01T00:00:00Z"}).encode(), 400, "bad_request"),
        ("POST", "/v1/decisions", b'{"channel": "web", "person": "\xff"}', 400, "bad_json"),
        ("POST", "/v1/decisions", b'{"x":' * 50_000, 400, "bad_json"),
        ("POST", "/v1/responses", b'{"decision": "\xff", "outcome": "accepted"}', 400, "bad_json"),
        ("POST", "/v1/events", b'[{"data": {"a": "\xff"}}]', 400, "bad_json"),
        ("POST", "/v1/events", b'{"data":' * 50_000, 400, "bad_json"),
        ("POST", "/v1/events", json.dumps({**EVENT, "time": "0001-01-01T00:00:00+14:00"}).encode(), 400, "bad_request"),
        ("POST", "/v1/events", json.dumps({**EVENT, "time": "9999-12-31T23:59:59-14:00"}).encode(), 400, "bad_request"),
        ("GET", "/nowhere", b"", 404, "not_found"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    client: Client, method: str, path: str, content: bytes, status: int, code: str
) -> None:
    """A stable code, the status in words, a message; never a stack trace."""
    answer = client.request(method, path, content=content)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert set(body) == {"code", "reason", "message"}
    assert body["message"]


def test_a_key_is_asked_for(engine: Engine) -> None:
    """Without the key nothing about anybody is said; health and the page are public."""
    with calling(Server(engine, api_key="secret")) as client:
        refused = client.get("/v1/households/H-crm:00001a")
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
        assert client.get("/metrics").status_code == 401
        for wrong in ("Bearer nearly", "Basic secret", "secret"):
            assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 401
        right = {"Authorization": "Bearer secret"}
        assert client.get("/v1/households/H-crm:00001a", headers=right).status_code == 200
        assert client.get("/health").json()["status"] == "ready"
        page = client.get("/").text
        assert "P-crm" not in page
        assert "HOGAR_API_KEY" in page


def test_the_page_and_the_metrics_tell_what_happened(client: Client) -> None:
    """A person sees what is live and what to try; Prometheus sees counters and a histogram."""
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert PAYER in page.text
    decided(client)
    text = client.get("/metrics").text
    assert 'hogar_inbound_decisions_total{channel="web",result="proposed"} 1' in text
    assert "hogar_inbound_latency_seconds_count 1" in text
    assert 'hogar_inbound_latency_seconds_bucket{le="+Inf"} 1' in text
    assert "hogar_ledger_rows_total 1" in text


def test_nothing_published_is_not_healthy(tmp_path: Path) -> None:
    """The process runs, but whoever balances load is told not to come."""
    server = Server(small_market.engine(tmp_path, publish=False), api_key=None)
    with calling(server) as client:
        assert client.get("/health").status_code == 503
        assert client.post("/v1/decisions", json={"channel": "web", "person": PAYER}).status_code == 503
        assert "hogar build" in client.get("/").text


def test_openapi_has_every_call(client: Client) -> None:
    """Each route is described, with the types of its body, its answer and its error."""
    document = client.get("/openapi.json").json()
    described = {(method.upper(), path) for path, calls in document["paths"].items() for method in calls}
    assert described == {(operation.method, operation.path) for operation, _ in CALLS}
    assert {"InboundRequest", "InboundAnswer", "DecisionExplained", "Error"} <= set(
        document["components"]["schemas"]
    )


def test_a_server_without_a_key_is_open_on_loopback_only(engine: Engine) -> None:
    """Whoever forgets the key does not open the house to the world."""
    with pytest.raises(UsageError, match="HOGAR_API_KEY"):
        serve(engine)
    with pytest.raises(UsageError, match="loopback only"):
        serve(engine, host="0.0.0.0", open_=True)
