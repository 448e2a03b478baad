"""What would be compared? A kept strategy under other controls, as a row that the ledger has not seen.

Takes a strategy's row and an objective, levers and prices in the words of the command line; gives the row that
`hogar set` would make live, without keeping it. Before: `strategy.controls`. After: `comparison`.
"""

from __future__ import annotations

import msgspec

from hogar.errors import ProblemsFound, UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.strategies import source_of, strategy_row
from hogar.stores.ledger import StrategyRow
from hogar.strategy.controls import PATH, Price, controls_of, with_controls
from hogar.strategy.levers import PURPOSES, Lever
from hogar.telco.channels import CHANNELS


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What is tried beside the texts: `levers` as `retain=1.3` or `action:KEY=0`, `prices` as `sms=0.10`."""

    objective: str | None = None
    levers: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is tried."""
        return self.objective is None and not self.levers and not self.prices


def under(engine: Engine, row: StrategyRow, tried: Tried) -> StrategyRow:
    """The strategy of the row with these settings over its own controls. Raises UsageError where they do not fit."""
    if tried.is_empty:
        return row
    source = source_of(row)
    controls = controls_of(source.texts)
    if tried.objective is not None:
        controls = controls.with_objective(tried.objective)
    for text in tried.levers:
        name, weight = _pair("--lever", text, "retain=1.3 or action:KEY=0")
        action, purpose = _which(name, "purpose")
        if not action and purpose not in PURPOSES:
            raise UsageError(f"--lever {text}: no purpose `{purpose}`; there is {_list(PURPOSES)}")
        controls = controls.with_lever(Lever(purpose=purpose, action=action, weight=weight))
    for text in tried.prices:
        name, eur = _pair("--price", text, "sms=0.10 or action:KEY=1.5")
        action, channel = _which(name, "channel")
        if not action and channel not in CHANNELS:
            raise UsageError(f"--price {text}: no channel `{channel}`; there is {_list(CHANNELS)}")
        controls = controls.with_price(Price(channel=channel, action=action, eur=eur))
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


def _pair(option: str, text: str, example: str) -> tuple[str, float]:
    name, equals, number = text.rpartition("=")
    try:
        if equals and name:
            return name.strip(), float(number)
    except ValueError:
        pass
    raise UsageError(f"{option} {text}: say it as {example}")


def _which(name: str, other: str) -> tuple[str, str]:
    """(action, the other thing) that is named: `action:KEY`, or the other with or without its word before it."""
    word, colon, rest = name.partition(":")
    if colon and word == "action":
        return rest, ""
    return "", rest if colon and word == other else name


def _list(names: tuple[str, ...]) -> str:
    return ", ".join((*names, "or action:KEY"))
