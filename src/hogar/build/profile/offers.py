"""What does each offer mean to whom? The facts about offers, by scope and id, ready to be published."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from hogar.telco.profile import OfferFact


@dataclass(frozen=True, kw_only=True)
class OfferFacts:
    """Facts by (scope, id); `ids` are the offers that a fact's `offer` is a position in."""

    ids: tuple[str, ...]
    _facts: dict[tuple[str, str], tuple[OfferFact, ...]]

    @staticmethod
    def of(offers: pl.DataFrame, con: duckdb.DuckDBPyConnection) -> OfferFacts:
        """The facts of the table `offers`; the ids are all of the operator's catalogue and any other named there."""
        known = {row[0] for row in con.execute("SELECT offer_id FROM offer").fetchall()}
        ids = tuple(sorted(known | set(offers["offer_id"].unique().to_list())))
        position = {offer: number for number, offer in enumerate(ids)}
        facts: dict[tuple[str, str], list[OfferFact]] = {}
        columns = ("owned", "ordered", "deliverable", "monthly_cents", "current_cents", "cost_cents")
        ordered = offers.sort("scope", "id", "offer_id").select("scope", "id", "offer_id", *columns)
        for scope, id, offer, *rest in ordered.iter_rows():
            facts.setdefault((scope, id), []).append(OfferFact(position[offer], *rest))
        return OfferFacts(ids=ids, _facts={key: tuple(found) for key, found in facts.items()})

    def facts(self, scope: str, id: str) -> tuple[OfferFact, ...]:
        """The facts of one subject, in the order of the offers' ids."""
        return self._facts.get((scope, id), ())
