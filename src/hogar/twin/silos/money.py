"""What do billing and the top-up system hold? A bill's part of each line and month, and every top-up.

Accounts stand with the contracts. Numbers and days become text column by column, each distinct value once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hogar.twin.calendar import months_before
from hogar.twin.dirt import extract
from hogar.twin.tokens import tokens
from hogar.twin.world import World

FIRST_INVOICE, FIRST_TOP_UP = 40_000_000, 7_000_000


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`billing/invoices.csv` and `topup/recargas.csv`."""
    future = (world.params.now.date() + timedelta(days=90)).isoformat()
    spoiled_bills = (("fee_eur", "18,00"), ("period", future[:7]))
    spoiled_top_ups = (("importe_eur", "-5.00"), ("fecha_hora", f"{future} 10:00:00"))
    dirt = world.params.dirt
    return {
        "billing/invoices.csv": extract(_invoices(world, rng), dirt, rng, invalid=spoiled_bills),
        "topup/recargas.csv": extract(_top_ups(world, rng), dirt, rng, invalid=spoiled_top_ups),
    }


def numbered(letter: str, first: int, count: int, rng: np.random.Generator) -> pa.Array:
    """`count` different ids, a letter and a number, in random order."""
    numbers = pa.array(rng.permutation(count) + first).cast(pa.string())
    return pc.binary_join_element_wise(letter, numbers, "")


def decimals(hundredths: NDArray[Any]) -> pa.Array:
    """Whole hundredths from 0 as text with two decimals; each distinct value is written once."""
    present = np.bincount(hundredths) > 0
    words = pa.array([f"{value / 100:.2f}" for value in np.flatnonzero(present).tolist()], pa.string())
    return words.take(pa.array((np.cumsum(present) - 1)[hundredths]))


def named(words: Any, places: NDArray[Any]) -> pa.Array:
    """The word of each place; null below 0."""
    places = np.asarray(places, dtype=np.int64)
    return pa.array(words, pa.string()).take(pa.array(places, mask=places < 0))


def _invoices(world: World, rng: np.random.Generator) -> dict[str, Any]:
    bills = world.bills
    months = [str(month)[:7] for month in months_before(world.params.now)]
    printed, allowed = ~np.isnan(bills.used_gb), np.unique(bills.allowed_gb[~np.isnan(bills.allowed_gb)])
    used = decimals(np.round(np.nan_to_num(bills.used_gb) * 100).astype(np.int64))
    room = np.where(np.isnan(bills.allowed_gb), -1, np.searchsorted(allowed, bills.allowed_gb))
    return {
        "invoice_line": numbered("F", FIRST_INVOICE, len(bills), rng),
        "account_no": named(world.parties.account, bills.account),
        "line_no": named(world.parties.line, bills.line),
        "period": named(months, bills.month),
        "fee_eur": decimals(bills.fee),
        "overage_eur": decimals(bills.overage),
        "gb_used": pc.if_else(pa.array(printed), used, pa.scalar(None, pa.string())),
        "gb_included": named([f"{value:g}" for value in allowed.tolist()], room),
    }


def _top_ups(world: World, rng: np.random.Generator) -> dict[str, Any]:
    """Cash leaves nothing behind; a card its token, sometimes without a name. A shop's card has no name either."""
    top_ups, parties = world.top_ups, world.parties
    payer, shop = top_ups.payer, top_ups.shop
    named_too = ~top_ups.by_card | (rng.random(len(top_ups)) < world.params.top_ups.names_payer)
    named_too |= (
        world.contracts.lines.segment[top_ups.line] > 0
    )  # who fills a balance out of habit does so logged in
    person = np.where((payer >= 0) & named_too, payer, -1)
    card = np.where(top_ups.by_card, payer, -1)
    private, counter = tokens(world.key, "card", card), tokens(world.key, "shop card", shop)
    return {
        "id_recarga": numbered("R", FIRST_TOP_UP, len(top_ups), rng),
        "sim": named(parties.line, top_ups.line),
        "fecha_hora": pa.array(top_ups.at),
        "importe_eur": decimals(top_ups.cents),
        "pagador": named(parties.best(), person),
        "token_tarjeta": np.where(shop >= 0, counter, private),
    }
