"""Where does each kept strategy stand? Proposed, live, replaced or rejected; by whom, when and why.

Reads the ledger's strategies, reviews and the moves of its pointers; writes nothing. Neighbours: `publishing` and
`reviews` change it, `hogar strategies` and the API show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from hogar.errors import UsageError
from hogar.runtime.engine import Engine
from hogar.stores.ledger import Ledger
from hogar.stores.moment import to_moment
from hogar.stores.reviews import Review, kept, moves, reviews

State = Literal["live", "replaced", "proposed", "approved", "rejected", "kept"]
PREFIX_MIN = 4


class UnknownStrategy(UsageError):
    """The ledger has no such strategy: `hogar strategies` lists them."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One strategy. `live_at` and `left_at` are the last time that it went live and was replaced (ISO 8601, UTC), as
    the project called now; `clock` is the machine's at its last change, None where that was not kept yet.

    `approved` was approved and went live under another hash, with what had changed meanwhile; `kept` was never live.
    """

    hash: str
    state: State
    at: str
    by: str
    why: str
    live_at: str | None = None
    left_at: str | None = None
    proposed_by: str | None = None
    approved_by: str | None = None
    clock: str | None = None


class Strategies(msgspec.Struct, frozen=True, kw_only=True):
    """Every strategy that was ever kept, the newest first, and what is live."""

    live: str | None
    profile: str | None
    strategies: tuple[Standing, ...]


def strategies(engine: Engine) -> Strategies:
    """Everything there is, the newest first."""
    pointers = engine.ledger.pointers()
    return Strategies(
        live=pointers.get("strategy"), profile=pointers.get("profile"),
        strategies=tuple(reversed(standings(engine.ledger))),
    )  # fmt: skip


def standings(ledger: Ledger) -> list[Standing]:
    """Where each kept strategy stands, oldest first."""
    live = ledger.pointers().get("strategy")
    came, left, clocks = _lives(ledger)
    words: dict[str, list[Review]] = {}
    for review in reviews(ledger):
        words.setdefault(review.strategy, []).append(review)
    found = []
    for row in kept(ledger):
        said = words.get(row.hash, [])
        found.append(
            Standing(
                hash=row.hash, state=_state(row.hash, live, row.hash in came, said), at=_iso(row.at), by=row.by,
                why=row.why, live_at=_iso(came[row.hash]) if row.hash in came else None,
                left_at=_iso(left[row.hash]) if row.hash in left else None,
                proposed_by=_last(said, "proposed"), approved_by=_last(said, "approved"),
                clock=_latest(clocks.get(row.hash), *(review.clock for review in said)),
            )
        )  # fmt: skip
    return found


def find(engine: Engine, prefix: str) -> Standing:
    """The one strategy whose hash begins so; `live` is the live one. Raises UnknownStrategy."""
    known = standings(engine.ledger)
    if prefix == "live":
        fitting = [standing for standing in known if standing.state == "live"]
    else:
        fitting = [standing for standing in known if standing.hash.startswith(prefix)]
        if len(prefix) < PREFIX_MIN:
            raise UnknownStrategy(f"`{prefix}`: name at least {PREFIX_MIN} characters of a strategy's hash")
    if not fitting:
        raise UnknownStrategy(f"the ledger has no strategy `{prefix}`; `hogar strategies` lists them")
    if len(fitting) > 1:
        raise UnknownStrategy(f"{len(fitting)} strategies begin with `{prefix}`: name more characters")
    return fitting[0]


def profile_of(engine: Engine, strategy: str) -> str | None:
    """The profile version that was live last together with a strategy; None where it was never live."""
    now: dict[str, str] = {}
    found = None
    for move in moves(engine.ledger):
        now[move.name] = move.value
        if now.get("strategy") == strategy and "profile" in now:
            found = now["profile"]
    return found


def _lives(ledger: Ledger) -> tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int | None]]:
    """When each strategy went live last, when it was replaced last, and what the clock said when it went live."""
    clocks: dict[str, int | None] = {}
    came: dict[str, int] = {}
    left: dict[str, int] = {}
    before = None
    for move in moves(ledger):
        if move.name == "strategy":
            if before is not None:
                left[before] = move.at
            came[move.value], clocks[move.value] = move.at, move.clock
            before = move.value
    return came, left, clocks


def _latest(*clocks: int | None) -> str | None:
    known = [clock for clock in clocks if clock is not None]
    return _iso(max(known)) if known else None


def _state(hash_: str, live: str | None, lived: bool, said: list[Review]) -> State:
    if hash_ == live:
        return "live"
    if said and said[-1].verdict in ("proposed", "rejected"):
        return said[-1].verdict
    if lived:
        return "replaced"
    return "approved" if said else "kept"


def _last(said: list[Review], verdict: str) -> str | None:
    return next((str(review.author) for review in reversed(said) if review.verdict == verdict), None)


def _iso(at: int) -> str:
    return to_moment(at).isoformat()
