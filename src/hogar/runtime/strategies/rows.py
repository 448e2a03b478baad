"""How does a published strategy survive? As the texts and the catalogue that it was compiled from, under its hash.

`strategy_row` makes the ledger's row, `strategy_of` compiles a row again: the same texts, the same strategy. Before:
`build` reads the files. After: the engine binds it to a profile version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """Another release published this strategy: `hogar publish` makes it live under this; a replay needs that one."""


def strategy_row(
    texts: Texts, catalogue: Catalogue, offers: Mapping[str, str] | None, *, at: datetime, by: str, why: str
) -> StrategyRow:
    """The ledger's row of a strategy that was compiled from these texts, this catalogue and these offers."""
    return StrategyRow(
        hash=strategy.strategy_hash(texts, catalogue, offers), published_at=to_micros(at), by=by, why=why,
        texts=msgspec.msgpack.encode({path: _bytes(text) for path, text in sorted(texts.items())}),
        catalogue=msgspec.msgpack.encode(_Words(features=list(catalogue), offers=offers)),
    )  # fmt: skip


def strategy_of(row: StrategyRow) -> Strategy:
    """The strategy of a ledger row. Raises StrategyChanged where it does not come out the same."""
    kept = source_of(row)
    compiled = strategy.compile(kept.texts, kept.catalogue, kept.offers)
    if compiled.hash != row.hash:
        raise StrategyChanged(f"{StrategyChanged.__doc__} ({row.hash[:12]})")
    return compiled


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a strategy is compiled from."""

    texts: Mapping[str, bytes]
    catalogue: Catalogue
    offers: Mapping[str, str] | None


def source_of(row: StrategyRow) -> Source:
    """The texts, the catalogue and the offers of a ledger row."""
    words = msgspec.msgpack.decode(row.catalogue, type=_Words)
    return Source(
        texts=msgspec.msgpack.decode(row.texts, type=dict[str, bytes]),
        catalogue=Catalogue.of(words.features), offers=words.offers,
    )  # fmt: skip


class _Words(msgspec.Struct, frozen=True, kw_only=True):
    features: list[Feature]
    offers: Mapping[str, str] | None


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
