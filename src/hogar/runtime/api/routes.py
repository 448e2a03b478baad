"""Who may ask, how, and what does an error look like? The HTTP surface: routes, key, limits, errors as data.

Takes a `Server`, returns an ASGI application. Every error has the body {code, reason, message}. Neighbours: `handlers`
has the calls, `serving` runs it.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hogar import __version__
from hogar.decide import Decision
from hogar.errors import HogarError, ProblemsFound, UsageError
from hogar.runtime.api import handlers, steering
from hogar.runtime.api.messages import (
    Error,
    EventsReceipt,
    Health,
    HouseholdView,
    ResponseReceipt,
    ResponseRequest,
)
from hogar.runtime.api.openapi import Operation, openapi
from hogar.runtime.api.server import Server
from hogar.runtime.api.steering import ControlsRequest, RollbackRequest, Steering, StopRequest, Word
from hogar.runtime.api.writer import TooBusy
from hogar.runtime.engine import NothingPublished, Stop
from hogar.runtime.explain import DecisionExplained
from hogar.runtime.gather import UnknownSubject
from hogar.runtime.inbound import InboundAnswer, InboundRequest
from hogar.runtime.replay import ReplayReport, UnknownDecision
from hogar.runtime.strategies.audit import Audit
from hogar.runtime.strategies.comparing import Difference
from hogar.runtime.strategies.controls import Changed
from hogar.runtime.strategies.fitting import DoesNotFit
from hogar.runtime.strategies.publishing import Switched
from hogar.runtime.strategies.reviews import FourEyes, Stale
from hogar.runtime.strategies.standing import Standing, Strategies, UnknownStrategy
from hogar.runtime.strategies.stopping import Contended
from hogar.telco.events import Event

Handler = Callable[[Server, Request], Awaitable[Response]]

CALLS: tuple[tuple[Operation, Handler], ...] = (
    (
        Operation(
            method="POST", path="/v1/decisions", summary="Decide for the person in front of us",
            body=InboundRequest, answer=InboundAnswer,
        ),
        handlers.post_decision,
    ),
    (
        Operation(
            method="GET", path="/v1/decisions/{decision}", summary="A recorded decision", answer=Decision
        ),
        handlers.get_decision,
    ),
    (
        Operation(
            method="GET", path="/v1/decisions/{decision}/explanation", summary="Why this, and why not that",
            answer=DecisionExplained,
        ),
        handlers.get_explanation,
    ),
    (
        Operation(
            method="POST", path="/v1/decisions/{decision}/replay", summary="The same again, compared",
            answer=ReplayReport,
        ),
        handlers.post_replay,
    ),
    (
        Operation(
            method="GET", path="/v1/households/{household}", summary="A household as an agent may see it",
            answer=HouseholdView,
        ),
        handlers.get_household,
    ),
    (
        Operation(
            method="POST", path="/v1/responses", summary="What the customer answered", body=ResponseRequest,
            answer=ResponseReceipt, status=201,
        ),
        handlers.post_response,
    ),
    (
        Operation(
            method="POST", path="/v1/events", summary="CloudEvents 1.0: structured, binary, or a batch",
            body=Event, answer=EventsReceipt, status=202,
        ),
        handlers.post_events,
    ),
    (
        Operation(
            method="GET", path="/v1/controls", summary="Objective, levers and prices in force; what is stopped",
            answer=Steering,
        ),
        steering.get_controls,
    ),
    (
        Operation(
            method="PUT", path="/v1/controls", summary="Set them, whole, from the next decision on",
            body=ControlsRequest, answer=Changed,
        ),
        steering.put_controls,
    ),
    (
        Operation(
            method="POST", path="/v1/stop", summary="Emergency stop: channels, actions, everything",
            body=StopRequest, answer=Stop,
        ),
        steering.post_stop,
    ),
    (
        Operation(
            method="POST", path="/v1/resume", summary="Lift a stop; what is still stopped", body=StopRequest,
            answer=Stop,
        ),
        steering.post_resume,
    ),
    (
        Operation(
            method="GET", path="/v1/strategies", summary="Every strategy and where it stands", answer=Strategies
        ),
        steering.get_strategies,
    ),
    (
        Operation(
            method="GET", path="/v1/strategies/{strategy}/diff", summary="What it would change of what is live",
            answer=Difference,
        ),
        steering.get_difference,
    ),
    (
        Operation(
            method="POST", path="/v1/strategies/{strategy}/approve", summary="Make a proposed strategy live",
            body=Word, answer=Switched,
        ),
        steering.post_approve,
    ),
    (
        Operation(
            method="POST", path="/v1/strategies/{strategy}/reject", summary="Refuse a proposed strategy", body=Word,
            answer=Standing,
        ),
        steering.post_reject,
    ),
    (
        Operation(
            method="POST", path="/v1/strategies/{strategy}/rollback",
            summary="Make a strategy that was live once live again", body=RollbackRequest, answer=Switched,
        ),
        steering.post_rollback,
    ),
    (
        Operation(method="GET", path="/v1/audit", summary="Who changed what, the newest first", answer=Audit),
        steering.get_audit,
    ),
    (
        Operation(method="GET", path="/health", summary="Whether the house can decide", answer=Health),
        handlers.get_health,
    ),
    (
        Operation(method="GET", path="/metrics", summary="Counters and latencies", media="text/plain"),
        handlers.get_metrics,
    ),
    (
        Operation(method="GET", path="/", summary="What this is, for a person", media="text/html"),
        handlers.get_page,
    ),
)  # fmt: skip
PUBLIC = frozenset({"/", "/health", "/openapi.json"})
"""What may be read without a key: nothing about anybody."""

_STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (UnknownSubject, 404, "unknown_subject"),
    (UnknownDecision, 404, "unknown_decision"),
    (UnknownStrategy, 404, "unknown_strategy"),
    (FourEyes, 403, "second_person_needed"),
    (Contended, 409, "contended"),
    (Stale, 409, "stale"),
    (steering.OtherStrategyLive, 409, "other_strategy_live"),
    (handlers.AnotherAnswer, 409, "another_answer"),
    (DoesNotFit, 409, "does_not_fit"),
    (ProblemsFound, 409, "problems_found"),
    (handlers.BodyTooLarge, 413, "body_too_large"),
    (UsageError, 400, "bad_request"),
    (msgspec.ValidationError, 422, "invalid_body"),
    (msgspec.DecodeError, 400, "bad_json"),
    (NothingPublished, 503, "nothing_published"),
    (TooBusy, 503, "too_busy"),
    (HogarError, 500, "internal"),
)
_LOG = logging.getLogger("hogar.runtime")


def application(server: Server) -> Starlette:
    """The ASGI application of a server; the writer runs as long as the application does."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with server.running():
            yield

    async def not_found(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem(server, request, error.status_code, _code(error.status_code), str(error.detail))

    document = openapi(
        [operation for operation, _ in CALLS], version=__version__, protected=server.api_key is not None
    )

    async def get_openapi(_: Server, __: Request) -> Response:
        return Response(document, media_type="application/json")

    routes = [_route(server, operation.path, operation.method, handler) for operation, handler in CALLS]
    routes.append(_route(server, "/openapi.json", "GET", get_openapi))
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: not_found, 405: not_found})


def problem(server: Server, request: Request, status: int, code: str, message: str) -> Response:
    """An error as an answer, counted."""
    server.metrics.requests[_path(request), status] += 1
    error = Error(code=code, reason=HTTPStatus(status).phrase, message=message)
    headers = (
        {"WWW-Authenticate": "Bearer"} if status == 401 else {"Retry-After": "1"} if status == 503 else {}
    )
    return Response(msgspec.json.encode(error), status, headers, "application/json")


def _route(server: Server, path: str, method: str, handler: Handler) -> Route:
    async def call(request: Request) -> Response:
        if path not in PUBLIC and not _allowed(server, request):
            message = "send the API key as `Authorization: Bearer KEY`"
            return problem(server, request, 401, "unauthorized", message)
        try:
            response = await handler(server, request)
        except Exception as error:
            for kind, status, code in _STATUS:
                if isinstance(error, kind):
                    return problem(server, request, status, code, str(error))
            _LOG.exception("%s %s failed", method, path)
            return problem(server, request, 500, "internal", "this is our mistake; the server's log has it")
        server.metrics.requests[path, response.status_code] += 1
        return response

    return Route(path, call, methods=[method])


def _allowed(server: Server, request: Request) -> bool:
    if server.api_key is None:
        return True
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(key.encode(), server.api_key.encode())


def _path(request: Request) -> str:
    route = request.scope.get("route")
    return route.path if isinstance(route, Route) else "other"


def _code(status: int) -> str:
    return {404: "not_found", 405: "method_not_allowed"}.get(status, "error")
