"""Which strategy decides from now on, and how do we get back? Compiled, bound, then switched in one transaction.

Reads the ledger's strategies and pointers; whatever is refused moved nothing. Before: `build` compiles the project's
files. After: `engine` meets the moved pointers at the next decision. Neighbours: `standing` lists, `reviews` wait
for a second person, `controls` change what is live.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from hogar.errors import HogarError, ProblemsFound, UsageError
from hogar.runtime.engine import Engine, Published
from hogar.runtime.live_state import refresh
from hogar.runtime.strategies.fitting import DoesNotFit, fit
from hogar.runtime.strategies.rows import parts_of, row_with, source_of
from hogar.runtime.strategies.standing import Standing, UnknownStrategy, find, profile_of, standings
from hogar.runtime.strategies.stopping import Contended
from hogar.stores.ledger import StrategyRow
from hogar.stores.moment import to_micros
from hogar.stores.reviews import Author, Review, moves, switch
from hogar.strategy.definitions import definitions_name

BEFORE = "before"
"""Names the publication before, where a strategy is named to go back to."""


_OTHERWISE = (
    "strategy {} was proposed with other definitions of its numbers than profile version {} is made of; "
    "run `hogar build` with its files again, or propose what there is now"
)


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Back:
    """The way back, before it is gone: what would be live, what is live now, and whose files it goes back to.

    `keeps` says whether what is set at run time stays as it is.
    """

    ready: Ready
    pointers: dict[str, str]
    to: str
    keeps: bool


def rollback(
    engine: Engine, prefix: str | None, *, author: Author, why: str, its_profile: bool = False
) -> Switched:
    """Make what `way_back` finds live; it was live once, and so needs nobody's approval. Raises what that raises."""
    return go_back(
        engine,
        way_back(engine, prefix, author=author, why=why, its_profile=its_profile),
        author=author,
        why=why,
    )


def way_back(
    engine: Engine, prefix: str | None, *, author: Author, why: str, its_profile: bool = False
) -> Back:
    """What would be live, bound and not switched, over the profile version that is live.

    Left out (or `before`), the files of the publication before, under what is set at run time now; named, exactly that
    strategy, with what was set then. `its_profile` goes back to the profile version that it ran with. Raises DoesNotFit
    where it fits the live version no more, and says whether the one it ran with is still whole.
    """
    keeps = prefix in (None, BEFORE)
    standing = before(engine) if prefix is None or prefix == BEFORE else find(engine, prefix)
    pointers = engine.ledger.pointers()
    if standing.state == "live" and not its_profile:
        raise UsageError(f"{standing.hash[:12]} is live now; there is nothing to go back to")
    if standing.live_at is None:
        raise UsageError(
            f"{standing.hash[:12]} is {standing.state} and was never live; `hogar approve` makes live what is proposed"
        )
    row, ran_with = row_of(engine, standing.hash), profile_of(engine, standing.hash)
    if keeps:
        row = _under_live_controls(engine, row, author=author, why=why)
    version = ran_with if its_profile else pointers["profile"]
    assert version is not None, "what was live had a profile version"
    try:
        ready = bound(engine, row, version)
    except DoesNotFit as error:
        named = BEFORE if keeps else standing.hash[:12]
        raise DoesNotFit(f"{error}; {_way_out(engine, row, named, ran_with, version)}") from error
    except ProblemsFound as error:
        if not keeps:
            raise
        raise UsageError(
            f"the files before do not go with what is set at run time: {error}; `hogar set --clear` takes that back, "
            f"`hogar rollback {standing.hash[:12]}` goes to what was set then too"
        ) from error
    return Back(ready=ready, pointers=pointers, to=standing.hash, keeps=keeps)


def go_back(engine: Engine, back: Back, *, author: Author, why: str) -> Switched:
    """Make it live, if nothing moved since it was looked at. Raises Contended."""
    return switched(
        engine, back.ready, back.pointers, author=author, why=why, what="rollback", subject=back.to
    )


def before(engine: Engine) -> Standing:
    """The strategy that was live last with other files than those that are live: the publication before."""
    values = [move.value for move in moves(engine.ledger) if move.name == "strategy"]
    files = {value: parts_of(row_of(engine, value)).files for value in dict.fromkeys(values)}
    others = [value for value in values if files[value] != files[values[-1]]]
    if others:
        return next(standing for standing in standings(engine.ledger) if standing.hash == others[-1])
    if len(files) > 1:
        raise UsageError(
            "no other files were live before; `hogar set --clear` takes back what was set at run time, "
            "`hogar rollback HASH` goes to one strategy of `hogar strategies`"
        )
    raise UsageError("no other strategy was live before; `hogar strategies` lists what there is")


def _under_live_controls(engine: Engine, row: StrategyRow, *, author: Author, why: str) -> StrategyRow:
    """The files of the row under what is set at run time now."""
    now = parts_of(row_of(engine, engine.ledger.pointers()["strategy"])).controls
    then = parts_of(row)
    if then.controls == now:
        return row
    made = row_with(replace(then, controls=now), at=engine.clock(), by=str(author), why=why)
    return engine.ledger.strategy(made.hash) or made


def row_of(engine: Engine, hash_: str) -> StrategyRow:
    """The kept strategy with this whole hash. Raises UnknownStrategy."""
    row = engine.ledger.strategy(hash_)
    if row is None:
        raise UnknownStrategy(f"the ledger has no strategy `{hash_[:12]}`")
    return row


def newest_fitting(engine: Engine, row: StrategyRow) -> Ready:
    """A row compiled, and bound to the profile version that was built last, else to the live one.

    Only to one whose numbers are made of the row's own definitions, or to the live one where they are those of the live
    strategy: nothing that nobody approved goes live along with it. Raises ProblemsFound where it no longer compiles,
    DoesNotFit where it fits neither.
    """
    pointers = engine.ledger.pointers()
    live, wanted = pointers.get("profile"), definitions_name(source_of(row).texts)
    before = engine.ledger.strategy(pointers.get("strategy", ""))
    goes_on = before is not None and definitions_name(source_of(before).texts) == wanted
    refused: HogarError = DoesNotFit("no profile version is there; run `hogar build`")
    for version in dict.fromkeys((engine.newest_profile(), live)):
        if version is not None:
            try:
                found = bound(engine, row, version)
            except DoesNotFit as error:
                refused = error
            else:
                made_of = found.published.profiles.schema.definitions
                if made_of == wanted or (goes_on and version == live):
                    return found
                refused = DoesNotFit(_OTHERWISE.format(row.hash[:12], version[:12]))
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


def _way_out(engine: Engine, row: StrategyRow, named: str, ran_with: str | None, tried: str) -> str:
    """What can be done where a strategy does not fit: the version that it ran with, if that is whole."""
    if ran_with is None or ran_with == tried:
        return "run `hogar build` with features that it needs"
    try:
        bound(engine, row, ran_with)
    except HogarError as error:
        return f"nor can it run with the version that it ran with: {error}"
    return (
        f"profile version {ran_with[:12]}, with which it ran, is whole: `hogar rollback {named} --its-profile` "
        "takes both back, with what was known of people then"
    )
