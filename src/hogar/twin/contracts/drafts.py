"""How are lines written while they are signed? Blocks of blank lines, filled in place, joined at the end.

Only the signing steps write into a line's columns; whoever comes later replaces them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import NEVER, Floats, Index
from hogar.twin.contracts.lines import STAYS, Lines
from hogar.twin.contracts.tariffs import OFFERS

PLACE = {offer.id: place for place, offer in enumerate(OFFERS)}
MONTHLY: Index = np.array([offer.monthly or 0 for offer in OFFERS], dtype=np.int64)
ALLOWED: Floats = np.array([np.inf if offer.data_gb is None else offer.data_gb for offer in OFFERS])
PLANS: Index = np.array([PLACE[name] for name in ("MOB-S", "MOB-M", "MOB-L", "MOB-U")])


def blank(count: int, kind: int) -> Lines:
    """`count` lines of one kind of which nothing else is known yet."""

    def nobody() -> NDArray[np.int32]:
        return np.full(count, -1, dtype=np.int32)

    def never() -> NDArray[np.datetime64]:
        return np.full(count, NEVER)

    return Lines(
        kind=np.full(count, kind, dtype=np.int8), home=nobody(), user=nobody(), holder=nobody(), payer=nobody(),
        account=nobody(), company=nobody(), by_business=np.zeros(count, dtype=bool), offer=nobody(),
        fee=np.zeros(count, dtype=np.int32), allowed_gb=np.full(count, np.nan), pool=nobody(), gb=np.zeros(count),
        top_up_eur=np.zeros(count), tops_up=nobody(), started=never(), commitment_until=never(), plan_since=never(),
        ported_from=np.full(count, -1, dtype=np.int8), segment=np.zeros(count, dtype=np.int8),
        focus=np.zeros(count, dtype=bool), ended=never(), reason=np.full(count, STAYS, dtype=np.int8),
    )  # fmt: skip


def joined(parts: Sequence[Lines]) -> Lines:
    """One set of lines; no plan for several lines may be drawn before, as `pool` counts rows."""
    columns: dict[str, Any] = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Lines)
    }
    return Lines(**columns)


def take(lines: Lines, rows: NDArray[Any], offers: NDArray[Any]) -> None:
    """Puts mobile or fixed lines on plans of their own: the offer, its fee, its allowance."""
    lines.offer[rows] = offers
    lines.fee[rows] = MONTHLY[offers]
    lines.allowed_gb[rows] = np.where(lines.mobile[rows], ALLOWED[offers], np.nan)
