"""Which strategy decides from now on, and how do we get back? Compiled, bound, then switched in one transaction.

Reads the ledger's strategies and pointers; whatever is refused moved nothing. Before: `build` compiles the project's
files. After: `engine` meets the moved pointers at the next decision. Neighbours: `standing` lists, `reviews` wait
for a second person, `controls` change what is live.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from hogar.errors import HogarError, UsageError
from hogar.runtime.engine import Engine, Published
from hogar.runtime.live_state import refresh
from hogar.runtime.strategies.fitting import DoesNotFit, fit
from hogar.runtime.strategies.rows import source_of
from hogar.runtime.strategies.standing import Standing, UnknownStrategy, find, profile_of, standings
from hogar.runtime.strategies.stopping import Contended
from hogar.stores.ledger import StrategyRow
from hogar.stores.moment import to_micros
from hogar.stores.reviews import Author, Review, moves, switch


class Switched(msgspec.Struct, frozen=True, kw_only=True):
    """What is live after a change, and which strategy was before."""

    strategy: str
    profile: str
    before: str | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Ready:
    """A strategy that could be live: its row, bound to a profile version that it fits."""

    row: StrategyRow
    published: Published

    @property
    def pointers(self) -> dict[str, str]:
        """What the pointers say once it is live."""
        return {"strategy": self.row.hash, "profile": self.published.profiles.schema.version}


def rollback(
    engine: Engine, prefix: str | None, *, author: Author, why: str, its_profile: bool = False
) -> Switched:
    """Make the strategy before, or the one named, live again, over the profile version that is live.

    It was live once, and so needs nobody's approval. `its_profile` goes back to the profile version that it ran with.
    Raises DoesNotFit where it fits the live version no more, and says whether the one it ran with is still whole.
    """
    standing = before(engine) if prefix is None else find(engine, prefix)
    pointers = engine.ledger.pointers()
    if standing.state == "live" and not its_profile:
        raise UsageError(f"{standing.hash[:12]} is live now; there is nothing to go back to")
    if standing.live_at is None:
        raise UsageError(
            f"{standing.hash[:12]} is {standing.state} and was never live; `hogar approve` makes live what is proposed"
        )
    row, ran_with = row_of(engine, standing.hash), profile_of(engine, standing.hash)
    version = ran_with if its_profile else pointers["profile"]
    assert version is not None, "what was live had a profile version"
    try:
        ready = bound(engine, row, version)
    except DoesNotFit as error:
        raise DoesNotFit(f"{error}; {_way_back(engine, row, ran_with, version)}") from error
    return switched(engine, ready, pointers, author=author, why=why, what="rollback", subject=standing.hash)


def before(engine: Engine) -> Standing:
    """The strategy that was live before the one that is."""
    values = [move.value for move in moves(engine.ledger) if move.name == "strategy"]
    others = [value for value in values if value != values[-1]]
    if not others:
        raise UsageError("no other strategy was live before; `hogar strategies` lists what there is")
    return next(standing for standing in standings(engine.ledger) if standing.hash == others[-1])


def row_of(engine: Engine, hash_: str) -> StrategyRow:
    """The kept strategy with this whole hash. Raises UnknownStrategy."""
    row = engine.ledger.strategy(hash_)
    if row is None:
        raise UnknownStrategy(f"the ledger has no strategy `{hash_[:12]}`")
    return row


def newest_fitting(engine: Engine, row: StrategyRow) -> Ready:
    """A row compiled, and bound to the profile version that was built last, else to the live one.

    Raises ProblemsFound where it no longer compiles, DoesNotFit where it fits neither.
    """
    live = engine.ledger.pointers().get("profile")
    refused: HogarError = DoesNotFit("no profile version is there; run `hogar build`")
    for version in dict.fromkeys((engine.newest_profile(), live)):
        if version is not None:
            try:
                found = bound(engine, row, version)
            except DoesNotFit as error:
                refused = error
            else:
                return found
    raise refused


def bound(engine: Engine, row: StrategyRow, version: str) -> Ready:
    """A row compiled and bound to a version, nothing switched. Raises ProblemsFound, DoesNotFit."""
    strategy = engine.compile_strategy(row)
    return Ready(row=row, published=fit(strategy, source_of(row).catalogue, engine.profiles(version)))


def switched(
    engine: Engine,
    ready: Ready,
    pointers: dict[str, str],
    *,
    author: Author,
    why: str,
    what: str,
    subject: str,
    review: Review | None = None,
) -> Switched:
    """Make it live, if the pointers are still those that it was made from. Raises Contended."""
    expected = {name: pointers.get(name) for name in ("strategy", "profile")}
    engine.keep(ready.published)  # so that this process decides under it at once
    done = switch(
        engine.ledger, author=author, at=to_micros(engine.clock()), why=why, what=what, subject=subject,
        pointers=ready.pointers, expected=expected, strategy=ready.row, review=review,
    )  # fmt: skip
    if not done:
        raise Contended
    if ready.pointers["profile"] != pointers.get("profile"):
        refresh(engine.ledger, ready.published.profiles, engine.clock())  # live counters, for these profiles
    return Switched(
        strategy=ready.row.hash, profile=ready.pointers["profile"], before=pointers.get("strategy")
    )


def _way_back(engine: Engine, row: StrategyRow, ran_with: str | None, tried: str) -> str:
    """What can be done where a strategy does not fit: the version that it ran with, if that is whole."""
    if ran_with is None or ran_with == tried:
        return "run `hogar build` with features that it needs"
    try:
        bound(engine, row, ran_with)
    except HogarError as error:
        return f"nor can it run with the version that it ran with: {error}"
    return (
        f"profile version {ran_with[:12]}, with which it ran, is whole: `hogar rollback {row.hash[:12]} --its-profile` "
        "takes both back, with what was known of people then"
    )
