"""How does a published strategy survive? As the texts and the catalogue that it was compiled from, under its hash.

`strategy_row` makes the ledger's row, `strategy_of` compiles a row again: the same texts, the same strategy. Before:
`build` reads the files. After: the engine binds it to a profile version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from hogar import strategy
from hogar.errors import HogarError
from hogar.stores.ledger import StrategyRow
from hogar.stores.moment import to_micros
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import Catalogue, Feature

Texts = Mapping[str, str | bytes]


class StrategyChanged(HogarError):
    """The recorded texts no longer compile to the recorded strategy: replay with the release that published it."""


def strategy_row(
    texts: Texts, catalogue: Catalogue, offers: Mapping[str, str] | None, *, at: datetime, by: str, why: str
) -> StrategyRow:
    """The ledger's row of a strategy that was compiled from these texts, this catalogue and these offers."""
    return StrategyRow(
        hash=strategy.strategy_hash(texts, catalogue), published_at=to_micros(at), by=by, why=why,
        texts=msgspec.msgpack.encode({path: _bytes(text) for path, text in sorted(texts.items())}),
        catalogue=msgspec.msgpack.encode(_Words(features=list(catalogue), offers=offers)),
    )  # fmt: skip


def strategy_of(row: StrategyRow) -> Strategy:
    """The strategy of a ledger row. Raises StrategyChanged where it does not come out the same."""
    texts = msgspec.msgpack.decode(row.texts, type=dict[str, bytes])
    words = msgspec.msgpack.decode(row.catalogue, type=_Words)
    compiled = strategy.compile(texts, Catalogue.of(words.features), words.offers)
    if compiled.hash != row.hash:
        raise StrategyChanged(f"{StrategyChanged.__doc__} ({row.hash[:12]})")
    return compiled


class _Words(msgspec.Struct, frozen=True, kw_only=True):
    features: list[Feature]
    offers: Mapping[str, str] | None


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
