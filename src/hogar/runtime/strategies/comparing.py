"""What would be different? Two kept strategies, or the project's files against what is live, in words and as data.

Reads strategies from the ledger; returns every difference with its place, and what follows for decisions. The
comparison itself is `strategy.diff`. Used by `hogar diff`, before a publication, before an approval, and by the API.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from hogar.errors import HogarError, ProblemsFound, UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.strategies.publishing import Ready, row_of
from hogar.runtime.strategies.rows import source_of
from hogar.runtime.strategies.standing import find
from hogar.stores.ledger import StrategyRow
from hogar.strategy import compile as compile_strategy
from hogar.strategy.diff import Side, diff, words
from hogar.strategy.diff_effects import effect_words, effects
from hogar.strategy.types import Strategy

LIVE, FILES = "live", "files"


class NotUnderstood(HogarError):
    """A strategy of an earlier release does not compile any more, so it cannot be compared."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: as data, with its place, and in words."""

    how: str
    kind: str
    name: str
    part: str
    before: str
    after: str
    place: str | None
    words: str


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """One effect on decisions, and for which actions."""

    what: str
    before: str
    after: str
    actions: tuple[str, ...]
    words: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What is different between two strategies; without any, only comments and layout are."""

    before: str
    after: str
    changes: tuple[Told, ...]
    effects: tuple[Followed, ...]


def compare_kept(engine: Engine, before: str, after: str) -> Difference:
    """Two strategies of the ledger, each by its hash, how it begins, or `live`. Raises UnknownStrategy."""
    return compare(kept_side(engine, before), kept_side(engine, after))


def compare(before: Side, after: Side) -> Difference:
    """Every difference between two compiled strategies."""
    return Difference(
        before=before.strategy.hash, after=after.strategy.hash,
        changes=tuple(
            Told(
                how=one.how, kind=one.kind, name=one.name, part=one.part, before=one.before, after=one.after,
                place=None if one.place is None else str(one.place), words=words(one),
            )
            for one in diff(before, after)
        ),
        effects=tuple(
            Followed(what=one.what, before=one.before, after=one.after, actions=one.actions, words=effect_words(one))
            for one in effects(before.strategy, after.strategy)
        ),
    )  # fmt: skip


def from_live(engine: Engine, ready: Ready) -> Difference:
    """What is live against what is ready to be. Raises NotUnderstood."""
    return compare(kept_side(engine, LIVE), side_of(ready.row, ready.published.kernel.strategy))


def kept_side(engine: Engine, name: str) -> Side:
    """A strategy of the ledger, to be compared; one of an earlier release too, as far as it is still understood."""
    if name == LIVE and "strategy" not in engine.ledger.pointers():
        raise UsageError("nothing is live yet, so there is nothing to compare with")
    row = row_of(engine, find(engine, name).hash)
    source = source_of(row)
    try:
        compiled = compile_strategy(source.texts, source.catalogue, source.offers)
    except ProblemsFound as error:
        raise NotUnderstood(f"{NotUnderstood.__doc__} ({row.hash[:12]}: {error.problems[0]})") from error
    return side_of(row, replace(compiled, hash=row.hash))


def side_of(row: StrategyRow, strategy: Strategy) -> Side:
    """A row and what it compiles to, to be compared."""
    source = source_of(row)
    return Side(texts=source.texts, strategy=strategy, catalogue=source.catalogue)
