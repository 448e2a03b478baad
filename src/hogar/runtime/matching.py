"""Which triggers does an event pull? Type and condition of every trigger, held against the event's typed fields.

Reads the strategy and one event; returns the triggers and the values that the strategy may see: fields that no trigger
names are left behind. NULL does not hold. Before: the event log. After: `triggers` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from hogar import expr
from hogar.stores.events import LoggedEvent
from hogar.strategy.types import Strategy, Trigger
from hogar.telco.catalogue import FeatureType

Loose = float | str | bool | None
_EPOCH = date(1970, 1, 1)


class Matcher:
    """One strategy's triggers, ready to be held against events."""

    def __init__(self, strategy: Strategy) -> None:
        self._fields = {
            name.removeprefix("event."): type_
            for name, type_ in strategy.event_fields.items()
            if name.startswith("event.")
        }
        self._triggers: dict[str, list[tuple[Trigger, Callable[[Mapping[str, Loose]], bool]]]] = {}
        for trigger in strategy.triggers:
            self._triggers.setdefault(trigger.event_type, []).append((trigger, _holds(trigger)))

    def pulled(self, event: LoggedEvent) -> list[Trigger]:
        """The triggers that the event pulls, in the strategy's order."""
        candidates = self._triggers.get(event.type, [])
        if not candidates:
            return []
        values = self.values(event)
        return [trigger for trigger, holds in candidates if holds(values)]

    def values(self, event: LoggedEvent) -> dict[str, Loose]:
        """The event's fields that the strategy knows, of their type; another type is unknown."""
        return {
            name: _typed(event.data.get(name), type_)
            for name, type_ in self._fields.items()
            if name in event.data
        }


def _holds(trigger: Trigger) -> Callable[[Mapping[str, Loose]], bool]:
    when = trigger.when
    if when is None:
        return lambda _: True
    names = sorted(when.names)
    fields = [name.removeprefix("event.") for name in names]
    row = expr.row(when, {name: position for position, name in enumerate(names)})
    return lambda values: row([values.get(field) for field in fields]) is True


def _number(value: float) -> float | None:
    try:
        return float(value)
    except OverflowError:  # an integer of hundreds of digits
        return None


def _typed(value: object, type_: FeatureType) -> Loose:
    if type_ == "boolean":
        return value if isinstance(value, bool) else None
    if type_ == "number":
        return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if not isinstance(value, str):
        return None
    if type_ == "text":
        return value
    try:
        return (date.fromisoformat(value[:10]) - _EPOCH).days
    except ValueError:
        return None
