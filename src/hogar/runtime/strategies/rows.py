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
from hogar.strategy.controls import PATH as CONTROLS
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import Catalogue, Feature

Texts = Mapping[str, str | bytes]


class StrategyChanged(HogarError):
    """What the ledger keeps of this strategy does not give its name: texts or features were changed there since, or a
    release that names strategies otherwise published it. Restore the ledger, or replay under that release;
    `hogar publish` makes the project's files live."""


class StrategyDamaged(HogarError):
    """The ledger's row of this strategy cannot be read: ledger.db is damaged, restore it from a copy."""


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
        raise StrategyChanged(_words(StrategyChanged, row))
    return compiled


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a strategy is compiled from."""

    texts: Mapping[str, bytes]
    catalogue: Catalogue
    offers: Mapping[str, str] | None


def source_of(row: StrategyRow) -> Source:
    """The texts, the catalogue and the offers of a ledger row. Raises StrategyDamaged where they cannot be read."""
    try:
        words = msgspec.msgpack.decode(row.catalogue, type=_Words)
        return Source(
            texts=msgspec.msgpack.decode(row.texts, type=dict[str, bytes]),
            catalogue=Catalogue.of(words.features), offers=words.offers,
        )  # fmt: skip
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError) as error:
        raise StrategyDamaged(f"{_words(StrategyDamaged, row)}: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What of a strategy changes apart: the project's files with the features that they are typed by, and what is set
    at run time; None where there are none."""

    files: tuple[dict[str, bytes], bytes] | None = None
    controls: bytes | None = None


def parts_of(row: StrategyRow) -> Parts:
    """A row as its two parts."""
    texts = msgspec.msgpack.decode(row.texts, type=dict[str, bytes])
    controls = texts.pop(CONTROLS, None)
    return Parts(files=(texts, row.catalogue), controls=controls)


def row_with(parts: Parts, *, at: datetime, by: str, why: str) -> StrategyRow:
    """The row that two parts make together, which the ledger may not have."""
    assert parts.files is not None, "a strategy has files"
    texts, catalogue = parts.files
    words = msgspec.msgpack.decode(catalogue, type=_Words)
    whole = texts if parts.controls is None else {**texts, CONTROLS: parts.controls}
    return strategy_row(whole, Catalogue.of(words.features), words.offers, at=at, by=by, why=why)


def _words(error: type[HogarError], row: StrategyRow) -> str:
    return f"{' '.join((error.__doc__ or '').split())} ({row.hash[:12]})"


class _Words(msgspec.Struct, frozen=True, kw_only=True):
    features: list[Feature]
    offers: Mapping[str, str] | None


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
