"""What does each call of the API do? One function a call: a request in, an answer out, errors raised.

Each takes the server and the request; `routes` turns errors into answers. Reads and writes through the server's engine
and writer only.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypeVar
from urllib.parse import unquote
from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from hogar import __version__
from hogar.errors import HogarError, UsageError
from hogar.runtime import live_state
from hogar.runtime.api.messages import (
    EventsReceipt,
    Health,
    HouseholdMember,
    HouseholdView,
    ResponseReceipt,
    ResponseRequest,
)
from hogar.runtime.api.page import page
from hogar.runtime.api.server import Server
from hogar.runtime.engine import NothingPublished
from hogar.runtime.event_file import check_event
from hogar.runtime.explain import explain_decision
from hogar.runtime.gather import UnknownSubject
from hogar.runtime.inbound import InboundRequest
from hogar.runtime.json_input import decoded
from hogar.runtime.replay import recorded, replay
from hogar.runtime.strategies.stopping import words
from hogar.stores import events
from hogar.stores.ledger import Ledger, ResponseRow
from hogar.stores.moment import to_micros
from hogar.telco.events import Event
from hogar.telco.roles import ROLES

BODY_BYTES_MAX = 1024 * 1024
EVENTS_MAX = 1000
_JSON = "application/json"

Type = TypeVar("Type")


class BodyTooLarge(HogarError):
    """The body is larger than one megabyte: send less at once."""


class AnotherAnswer(HogarError):
    """A response of this id was kept before, with another content."""


async def post_decision(server: Server, request: Request) -> Response:
    """Decide for the person in front of us."""
    asked = decoded(_INBOUND.decode, await body(request))
    return json(await server.decide(asked))


async def get_decision(server: Server, request: Request) -> Response:
    """A recorded decision as it was made."""
    row = recorded(server.engine, request.path_params["decision"])
    return Response(msgspec.json.encode(msgspec.msgpack.decode(row.decision)), media_type=_JSON)


async def get_explanation(server: Server, request: Request) -> Response:
    """Why this, and why not that, in words."""
    decision = request.path_params["decision"]
    return json(await server.aside(lambda engine: explain_decision(engine, decision)))


async def post_replay(server: Server, request: Request) -> Response:
    """Decide again from the record and compare byte for byte."""
    decision = request.path_params["decision"]
    return json(await server.aside(lambda engine: replay(engine, decision)))


async def get_household(server: Server, request: Request) -> Response:
    """A household as an agent may see it: who, how sure, in which roles."""
    id_ = request.path_params["household"]
    household = (await server.live()).profiles.household(id_)
    if household is None:
        raise UnknownSubject(f"no household `{id_}` in the published profiles")
    return json(
        HouseholdView(
            household=household.id,
            members=tuple(
                HouseholdMember(
                    person=member.id, membership=round(member.membership, 3), minor=member.minor,
                    roles={} if member.minor else {
                        role: round(share, 3) for role, share in zip(ROLES, member.roles, strict=True)
                    },
                )
                for member in household.members
            ),
            lines=len(household.lines),
            payer=household.members[household.payer].id if household.payer >= 0 else None,
            decisions=tuple(server.engine.ledger.decisions_of_household(household.id)),
        )
    )  # fmt: skip


async def post_response(server: Server, request: Request) -> Response:
    """Keep what the customer answered."""
    asked = decoded(_RESPONSE.decode, await body(request))
    row = recorded(server.engine, asked.decision)
    if not 0 <= asked.proposal < row.proposals:
        raise UsageError(
            f"decision `{row.id}` has {row.proposals} proposals; {asked.proposal} is none of them"
        )
    id_ = asked.id or f"A-{uuid4().hex}"
    answer = ResponseRow(
        id_, row.id, asked.proposal, asked.outcome, to_micros(server.engine.clock()), asked.by
    )
    new, first = await server.writer.run(lambda ledger: (ledger.respond(answer), ledger.response(id_)))
    if not new and first is not None and not answer.is_same(first):
        raise AnotherAnswer(
            f"response `{id_}` was kept as `{first.outcome}` to proposal {first.proposal} of `{first.decision_id}`: "
            "the first word stands; send another word under another id"
        )
    return json(ResponseReceipt(response=id_, new=new), 201 if new else 200)


async def post_events(server: Server, request: Request) -> Response:
    """Append CloudEvents (structured, binary or a batch) to the log; all of them or none."""
    found = _events(request, await body(request))
    now = server.engine.clock()
    if len(found) > EVENTS_MAX:
        raise UsageError(f"{len(found)} events at once; {EVENTS_MAX} at most")
    for number, event in enumerate(found):
        try:
            check_event(event, now)
        except ValueError as error:
            raise UsageError(f"event {number}: {error}") from None
    appended = await _append(server, found, now)
    server.metrics.events["appended"] += appended
    server.metrics.events["duplicate"] += len(found) - appended
    server.arrived()
    return json(EventsReceipt(appended=appended, duplicates=len(found) - appended), 202)


async def _append(server: Server, found: list[Event], now: datetime) -> int:
    """Append, with what live counters keep, in the writer's thread; again where what is live moved meanwhile."""
    with suppress(NothingPublished):  # then publishing goes through the log
        await server.live()
    if (profiles := live_state.stale(server.engine)) is not None:
        await server.writer.run(lambda ledger: live_state.refresh(ledger, profiles, now))
    for _ in range(live_state.ATTEMPTS_MAX):
        kept = live_state.taken(server.engine, found, now)
        try:
            return await server.writer.run(partial(_append_now, found=found, at=to_micros(now), kept=kept))
        except events.Moved:
            continue
    raise events.Moved


def _append_now(ledger: Ledger, *, found: list[Event], at: int, kept: events.Taken) -> int:
    return events.append(ledger, found, at, kept)


async def get_health(server: Server, _: Request) -> Response:
    """Whether the house can decide."""
    try:
        pointers = (await server.live()).pointers
    except NothingPublished:
        return json(Health(status="nothing_published", strategy=None, profile=None), 503)
    return json(Health(status="ready", strategy=pointers["strategy"], profile=pointers["profile"]))


async def get_metrics(server: Server, _: Request) -> Response:
    """Counters and latencies since the server's start."""
    text = server.metrics.text(groups=server.writer.groups, rows=server.writer.rows)
    return Response(text, media_type="text/plain; version=0.0.4")


async def get_page(server: Server, request: Request) -> Response:
    """What this is, for a person with a browser."""
    protected = server.api_key is not None
    live: dict[str, str] = {}
    person = None
    try:
        now = await server.live()
        live = {
            "strategy": now.pointers["strategy"],
            "profile version": now.pointers["profile"],
            "objective": now.kernel.strategy.objective,
            "stopped": words(now.stop) or "nothing",
            "release": __version__,
        }
        first = next(now.profiles.households(), None)
        person = first.members[0].id if first is not None and not protected else None
    except NothingPublished:
        pass
    counts = {} if protected else {
        "decisions since start": sum(server.metrics.decisions.values()),
        "events since start": server.metrics.events["appended"],
        "actions": len(now.kernel.strategy.actions) if live else 0,
    }  # fmt: skip
    text = page(base=str(request.base_url), person=person, live=live, counts=counts, protected=protected)
    return Response(text, media_type="text/html")


async def body(request: Request) -> bytes:
    """The body of a request. Raises BodyTooLarge before it is read to the end."""
    if int(request.headers.get("content-length") or 0) > BODY_BYTES_MAX:
        raise BodyTooLarge
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > BODY_BYTES_MAX:
            raise BodyTooLarge
    return bytes(data)


def json(value: msgspec.Struct, status: int = 200) -> Response:
    """An answer as JSON."""
    return Response(_ENCODER.encode(value), status, media_type=_JSON)


def _events(request: Request, data: bytes) -> list[Event]:
    headers = request.headers
    if "ce-id" in headers:
        attributes = {
            name: unquote(headers.get(f"ce-{name}", ""))
            for name in ("specversion", "id", "source", "type", "time", "subject", "partitionkey")
        }
        content = decoded(_DATA.decode, data) if data else {}
        return [msgspec.convert(attributes | {"data": content}, Event)]
    if data.lstrip()[:1] == b"[":
        return decoded(_EVENTS.decode, data)
    return [decoded(_EVENT.decode, data)]


_INBOUND = msgspec.json.Decoder(InboundRequest)
_RESPONSE = msgspec.json.Decoder(ResponseRequest)
_EVENT = msgspec.json.Decoder(Event)
_EVENTS = msgspec.json.Decoder(list[Event])
_DATA = msgspec.json.Decoder(dict[str, object])
_ENCODER = msgspec.json.Encoder()
