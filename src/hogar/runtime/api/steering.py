"""What does each call of the API do that changes what is live? Controls, stops, strategies and who did what.

Each takes the server and the request. What compiles or writes runs in a thread beside the loop (`Server.aside`), so
that decisions go on; the same functions stand behind the commands. Neighbours: `handlers` has the calls that decide.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from hogar.errors import UsageError
from hogar.runtime.api.handlers import body, json
from hogar.runtime.api.server import Server
from hogar.runtime.engine import Engine, Stop
from hogar.runtime.json_input import decoded
from hogar.runtime.strategies import comparing, controls, publishing, reviews, standing, stopping
from hogar.runtime.strategies.audit import audit
from hogar.runtime.strategies.controls import ControlsView, LeverSet, PriceSet
from hogar.stores.moment import to_micros
from hogar.stores.reviews import Author
from hogar.stores.stated_name import name_problem
from hogar.strategy.controls import Controls

AUDIT_DEFAULT, AUDIT_MAX = 100, 10_000
LOGIN = "api"
"""The account that calls of the API are noted under: whoever has the key."""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """Who says so, and why: `by` is stated, not proven."""

    by: str
    why: str


class RollbackRequest(Word, frozen=True, kw_only=True):
    """Back to a strategy; `its_profile` also goes back to the profile version that it ran with."""

    its_profile: bool = False


class RolledBack(publishing.Switched, frozen=True, kw_only=True):
    """What is live after going back, and what that changed; None where the one before is not understood any more.

    `controls_kept` says whether what is set at run time stayed; else it is as it was with the strategy named.
    """

    controls_kept: bool
    difference: comparing.Difference | None


class StopRequest(Word, frozen=True, kw_only=True):
    """What is stopped, or lifted: these channels and actions, or everything where none is named."""

    channels: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


class ControlsRequest(Word, frozen=True, kw_only=True):
    """The controls as they shall be, whole: what is left out is not set any more.

    `strategy` is the live one that they were made from, as `GET /v1/controls` gave it; another one by now is 409.
    """

    objective: str = ""
    levers: tuple[LeverSet, ...] = ()
    prices: tuple[PriceSet, ...] = ()
    strategy: str | None = None


class Steering(msgspec.Struct, frozen=True, kw_only=True):
    """What is set at run time, and what is stopped."""

    controls: ControlsView
    stop: Stop


class OtherStrategyLive(UsageError):
    """Another strategy is live by now: read the controls again, then change them."""


async def get_controls(server: Server, _: Request) -> Response:
    """The objective, levers and prices in force, and what is stopped."""
    live = await server.live()
    return json(Steering(controls=controls.view(server.engine), stop=live.stop))


async def put_controls(server: Server, request: Request) -> Response:
    """Set the objective, levers and prices, whole; in force from the next decision on."""
    asked = decoded(_CONTROLS.decode, await body(request))
    wanted = controls.replaced(asked.objective, asked.levers, asked.prices)

    def change(engine: Engine) -> controls.Changed:
        def made(_: Controls) -> Controls:
            if asked.strategy not in (None, engine.live().pointers["strategy"]):
                raise OtherStrategyLive
            return wanted

        return controls.change(engine, made, author=_author(engine, asked), why=asked.why)

    return json(await server.aside(change))


async def post_stop(server: Server, request: Request) -> Response:
    """Stop channels, actions or everything, at once."""
    asked = decoded(_STOP.decode, await body(request))
    return json(
        await server.aside(
            lambda engine: stopping.stop(
                engine,
                author=_author(engine, asked),
                channels=asked.channels,
                actions=asked.actions,
                why=asked.why,
            )
        )
    )


async def post_resume(server: Server, request: Request) -> Response:
    """Lift a stop; messages that waited leave if the last gate lets them."""
    asked = decoded(_STOP.decode, await body(request))
    still = await server.aside(
        lambda engine: stopping.resume(
            engine,
            author=_author(engine, asked),
            channels=asked.channels,
            actions=asked.actions,
            why=asked.why,
        )
    )
    server.arrived()
    return json(still)


async def get_strategies(server: Server, _: Request) -> Response:
    """Every strategy, the newest first, and where it stands."""
    return json(await server.aside(standing.strategies))


async def get_difference(server: Server, request: Request) -> Response:
    """What is different between the live strategy and this one."""
    name = request.path_params["strategy"]
    return json(await server.aside(lambda engine: comparing.compare_kept(engine, comparing.LIVE, name)))


async def post_approve(server: Server, request: Request) -> Response:
    """Make a proposed strategy live."""
    name, asked = request.path_params["strategy"], decoded(_WORD.decode, await body(request))
    return json(
        await server.aside(
            lambda engine: reviews.approve(engine, name, author=_author(engine, asked), why=asked.why)
        )
    )


async def post_reject(server: Server, request: Request) -> Response:
    """Refuse a proposed strategy."""
    name, asked = request.path_params["strategy"], decoded(_WORD.decode, await body(request))
    return json(
        await server.aside(
            lambda engine: reviews.reject(engine, name, author=_author(engine, asked), why=asked.why)
        )
    )


async def post_rollback(server: Server, request: Request) -> Response:
    """Back to the files of the publication before (`before`), or to a strategy that was live once, as it was."""
    name, asked = request.path_params["strategy"], decoded(_ROLLBACK.decode, await body(request))

    def back(engine: Engine) -> RolledBack:
        author = _author(engine, asked)
        found = publishing.way_back(engine, name, author=author, why=asked.why, its_profile=asked.its_profile)
        try:
            difference = comparing.from_live(engine, found.ready)
        except comparing.NotUnderstood:
            difference = None
        done = publishing.go_back(engine, found, author=author, why=asked.why)
        return RolledBack(
            strategy=done.strategy, profile=done.profile, before=done.before, controls_kept=found.keeps,
            difference=difference,
        )  # fmt: skip

    return json(await server.aside(back))


async def get_audit(server: Server, request: Request) -> Response:
    """Who changed what, the newest first; `limit` of them."""
    wanted = request.query_params.get("limit", str(AUDIT_DEFAULT))
    if not (wanted.isdecimal() and 1 <= int(wanted) <= AUDIT_MAX):
        raise UsageError(f"`limit` is a whole number from 1 to {AUDIT_MAX}, not `{wanted}`")
    return json(await server.aside(lambda engine: audit(engine, int(wanted))))


def _author(engine: Engine, asked: Word) -> Author:
    name = " ".join(asked.by.split())
    if wrong := name_problem(name):
        raise UsageError(f"`by` says who does this, and {wrong}")
    clock = None if engine.machine_clock is None else to_micros(engine.machine_clock())
    return Author(name, LOGIN, clock)


_WORD = msgspec.json.Decoder(Word)
_ROLLBACK = msgspec.json.Decoder(RollbackRequest)
_STOP = msgspec.json.Decoder(StopRequest)
_CONTROLS = msgspec.json.Decoder(ControlsRequest)
