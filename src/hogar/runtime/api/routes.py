"""Who may ask, how, and what does an error look like? The HTTP surface: routes, key, limits, errors as data.

Takes a `Server`, returns an ASGI application. Every error has the body {code, reason, message}. Neighbours: `handlers`
has the calls, `serving` runs it.
"""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, compile_path

from hogar import __version__
from hogar.decide import Decision
from hogar.errors import HogarError, ProblemsFound, UsageError, did_you_mean
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
from hogar.runtime.api.steering import (
    ControlsRequest,
    RollbackRequest,
    RolledBack,
    Steering,
    StopRequest,
    Word,
)
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
            summary="Back to the publication `before`, or to a strategy that was live once", body=RollbackRequest,
            answer=RolledBack,
        ),
        steering.post_rollback,
    ),
    (
        Operation(
            method="GET", path="/v1/audit", summary="Who changed what, the newest first; 100, or `limit`",
            answer=Audit, query=("limit",),
        ),
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
        return problem(
            server,
            request,
            error.status_code,
            _code(error.status_code),
            _which_there_are(request.url.path, error),
        )

    document = openapi(
        [operation for operation, _ in CALLS], version=__version__, protected=server.api_key is not None
    )

    async def get_openapi(_: Server, __: Request) -> Response:
        return Response(document, media_type="application/json")

    routes = [_route(server, operation, handler) for operation, handler in CALLS]
    routes.append(_route(server, Operation(method="GET", path="/openapi.json", summary="This"), get_openapi))
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: not_found, 405: not_found})


def problem(server: Server, request: Request, status: int, code: str, message: str) -> Response:
    """An error as an answer, counted."""
    server.metrics.requests[_path(request), status] += 1
    error = Error(code=code, reason=HTTPStatus(status).phrase, message=message)
    headers = (
        {"WWW-Authenticate": "Bearer"} if status == 401 else {"Retry-After": "1"} if status == 503 else {}
    )
    return Response(msgspec.json.encode(error), status, headers, "application/json")


def _route(server: Server, operation: Operation, handler: Handler) -> Route:
    path, method = operation.path, operation.method

    async def call(request: Request) -> Response:
        if path not in PUBLIC and not _allowed(server, request):
            message = "send the API key as `Authorization: Bearer KEY`"
            return problem(server, request, 401, "unauthorized", message)
        try:
            if path.startswith("/v1/"):
                _known_query(request, operation.query)
            response = await handler(server, request)
        except Exception as error:
            for kind, status, code in _STATUS:
                if isinstance(error, kind):
                    return problem(server, request, status, code, to_callers(str(error)))
            _LOG.exception("%s %s failed", method, path)
            return problem(server, request, 500, "internal", "this is our mistake; the server's log has it")
        server.metrics.requests[path, response.status_code] += 1
        return response

    return Route(path, call, methods=[method])


def _known_query(request: Request, known: tuple[str, ...]) -> None:
    """Raises UsageError for a parameter that the call does not have: it would be thought to hold."""
    for name in request.query_params:
        if name not in known:
            there = f"there is `{'`, `'.join(known)}`" if known else "it takes none"
            raise UsageError(
                f"`{name}` is not a parameter of this call; {did_you_mean(name, known) or there}"
            )


def to_callers(message: str) -> str:
    """An error's cure in the words of who calls: what a command does, as the call that does it.

    >>> to_callers("propose it again, `hogar diff` shows what it would change, as `--by NAME`")
    'propose it again, `GET /v1/strategies/{strategy}/diff` shows what it would change, as `by`'
    """
    return _COMMAND.sub(lambda found: _AS_CALL.get(found[1] or found[2], found[0]), message)


def _which_there_are(path: str, error: HTTPException) -> str:
    """What can be called in place of a path, or of a method, that there is not."""
    if error.status_code == 405:
        methods = sorted({one.method for one, _ in CALLS if compile_path(one.path)[0].match(path)})
        return f"`{path}` takes {' or '.join(methods) or 'GET'}; GET /openapi.json has every call"
    cure = did_you_mean(path, sorted({operation.path for operation, _ in CALLS}))
    return f"there is no `{path}`; " + (f"{cure} " if cure else "") + "GET /openapi.json has every call"


_COMMAND = re.compile(r"`(?:hogar ([a-z]+)(?: [^`]*)?|(--by NAME))`")
_AS_CALL = {
    "--by NAME": "`by`",
    "approve": "`POST /v1/strategies/{strategy}/approve`",
    "audit": "`GET /v1/audit`",
    "diff": "`GET /v1/strategies/{strategy}/diff`",
    "rollback": "`POST /v1/strategies/{strategy}/rollback`",
    "set": "`PUT /v1/controls`",
    "strategies": "`GET /v1/strategies`",
}


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
