"""What would be compared? A kept strategy under other controls, as a row that the ledger has not seen.

Takes a strategy's row and an objective, levers and prices in the words of the command line; gives the row that
`hogar set` would make live, without keeping it. Before: `strategy.controls`. After: `comparison`.
"""

from __future__ import annotations

import msgspec

from hogar.errors import ProblemsFound, UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.strategies import source_of, strategy_row
from hogar.runtime.strategies.controls import lever, price
from hogar.runtime.strategies.spelling import amount_on
from hogar.stores.ledger import StrategyRow
from hogar.strategy.controls import PATH, action_keys, controls_of, with_controls


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What is tried beside the texts, written as for `hogar set`: `purpose:retain=1.3`, `channel:sms=0.10`."""

    objective: str | None = None
    levers: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is tried."""
        return self.objective is None and not self.levers and not self.prices

    def __str__(self) -> str:
        objective = () if self.objective is None else (f"objective {self.objective}",)
        return ", ".join(
            (*objective, *(f"lever {one}" for one in self.levers), *(f"price {one}" for one in self.prices))
        )


def under(engine: Engine, row: StrategyRow, tried: Tried) -> StrategyRow:
    """The strategy of the row with these settings over its own controls. Raises UsageError where they do not fit."""
    if tried.is_empty:
        return row
    source = source_of(row)
    controls = controls_of(source.texts)
    if tried.objective is not None:
        controls = controls.with_objective(tried.objective)
    actions = action_keys(source.texts)
    for text in tried.levers:
        controls = controls.with_lever(lever(*amount_on("lever", text, actions)))
    for text in tried.prices:
        controls = controls.with_price(price(*amount_on("price", text, actions)))
    texts = with_controls(source.texts, controls)
    row = strategy_row(texts, source.catalogue, source.offers, at=engine.clock(), by="", why="")
    try:
        engine.compile_strategy(row)
    except ProblemsFound as error:
        own = [problem for problem in error.problems if problem.place.file == PATH]
        if len(own) < len(error.problems):
            raise
        raise UsageError("; ".join(f"{p.what}" + (f"; {p.cure}" if p.cure else "") for p in own)) from error
    return row
