"""Other strategies over the small market: with one text changed, with two objectives; proposed by somebody."""

from __future__ import annotations

from collections.abc import Mapping

import small_market

from hogar.runtime.engine import Engine
from hogar.runtime.strategies import reviews, strategy_row
from hogar.stores.ledger import StrategyRow
from hogar.stores.reviews import Author
from hogar.telco.catalogue import Catalogue

ANA, BEN = Author("Ana", "ops7"), Author("Ben", "ops7")
TWO_OBJECTIVES = {
    **small_market.TEXTS,
    "strategy/objectives.yml": """
objectives: {yearly: {value: action.value_eur}, tenth: {value: action.value_eur / 10}}
default: yearly
""",
}
PLAN = "strategy/actions/family_plan.yml"


def row(old: str = "interest: 0.3", new: str = "interest: 0.1", path: str = PLAN) -> StrategyRow:
    """The small market's strategy with one text changed."""
    texts = {**small_market.TEXTS, path: small_market.TEXTS[path].replace(old, new)}
    assert texts != small_market.TEXTS
    return row_of(texts)


def row_of(texts: Mapping[str, str | bytes], catalogue: Catalogue = small_market.CATALOGUE) -> StrategyRow:
    """A ledger row of these texts."""
    return strategy_row(texts, catalogue, small_market.OFFERS, at=small_market.NOW, by="Ana (ops7)", why="")


def proposed(engine: Engine, one: StrategyRow, author: Author = ANA) -> str:
    """A strategy that waits; its hash."""
    assert reviews.propose(engine.ledger, one, author=author, why="cheaper", at=1)
    return one.hash
