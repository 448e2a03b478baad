"""What is a live counter's value at a moment? A pure fold over the set of events that it has seen by then.

Takes events and gives entries (what of an event a counter keeps); takes entries and gives the value. A set knows no
order, so shuffled, doubled and late events come to the same. `live_query` says the same in SQL, tests hold both equal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hogar import expr
from hogar.errors import Place
from hogar.telco.catalogue import FeatureType
from hogar.telco.live import Counter, Entry, Value

NUMBER_MAX = 1e9
"""A number beyond it, either way, is unknown: so sums are exact to a millionth in both engines."""
_MICRO = 1e6
_NOWHERE = Place(file="features/live")


def value_at(counter: Counter, entries: Iterable[Entry], at: int) -> Value | None:
    """The counter's value at a moment: its fold over the distinct events with at - window < time <= at.

    None for no value (the counter's `default` is not looked at here); a yes or no is 1.0 or 0.0. Of several last
    events the one with the greatest id counts.
    """
    seen = {
        (entry.source, entry.id): entry for entry in entries if at - counter.window < entry.at <= at
    }.values()
    return _FOLDS[counter.fold](seen)


def _count(seen: Iterable[Entry]) -> Value | None:
    return float(sum(1 for _ in seen))


def _sum(seen: Iterable[Entry]) -> Value | None:
    micros = [math.floor(float(entry.value) * _MICRO + 0.5) for entry in seen]
    return sum(micros) / _MICRO if micros else None


def _last(seen: Iterable[Entry]) -> Value | None:
    last = max(seen, key=lambda entry: (entry.at, entry.id, entry.source), default=None)
    return None if last is None else last.value


def _max(seen: Iterable[Entry]) -> Value | None:
    return max((float(entry.value) for entry in seen), default=None)


def _distinct(seen: Iterable[Entry]) -> Value | None:
    return float(len({entry.value for entry in seen}))


_FOLDS: dict[str, Callable[[Iterable[Entry]], Value | None]] = {
    "count": _count, "sum": _sum, "last": _last, "max": _max, "distinct": _distinct,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Keeper:
    """Some counters, ready to be held against events: which of them keep an event, and what of it."""

    counters: tuple[Counter, ...]
    by_type: Mapping[str, Sequence[tuple[Counter, Callable[[Mapping[str, Any]], Value | None]]]]

    @staticmethod
    @lru_cache(maxsize=16)
    def of(counters: tuple[Counter, ...]) -> Keeper:
        """The keeper of these counters."""
        by_type: dict[str, list[tuple[Counter, Callable[[Mapping[str, Any]], Value | None]]]] = {}
        for counter in counters:
            by_type.setdefault(counter.event, []).append((counter, _keeps(counter)))
        return Keeper(counters=counters, by_type=by_type)

    @property
    def window(self) -> int:
        """The longest window, in microseconds; 0 where there is no counter."""
        return max((counter.window for counter in self.counters), default=0)

    def kept(self, type_: str, data: Mapping[str, Any]) -> list[tuple[Counter, Value]]:
        """The counters that keep an event of this type with this data, and what they keep of it."""
        found = [(counter, keeps(data)) for counter, keeps in self.by_type.get(type_, ())]
        return [(counter, value) for counter, value in found if value is not None]


def _keeps(counter: Counter) -> Callable[[Mapping[str, Any]], Value | None]:
    """What of an event's data the counter keeps; None where it does not count it."""
    types = dict(counter.fields)
    holds = None
    names: list[str] = []
    if counter.when:
        when = expr.parse(counter.when, _NOWHERE, {f"event.{name}": type_ for name, type_ in types.items()})
        names = sorted(name.removeprefix("event.") for name in when.names)
        holds = expr.row(when, {f"event.{name}": place for place, name in enumerate(names)})

    def keeps(data: Mapping[str, Any]) -> Value | None:
        if holds is not None and holds([typed(data.get(name), types[name]) for name in names]) is not True:
            return None
        if not counter.of:
            return 1.0
        value = typed(data.get(counter.of), types[counter.of])
        if value is None or (counter.one_of and value not in counter.one_of):
            return None
        return value if isinstance(value, str) else float(value)

    return keeps


def typed(value: object, type_: FeatureType) -> float | str | bool | None:
    """A field of an event as its declared type has it; None where it is of another type, or beyond all reason."""
    if type_ == "boolean":
        return value if isinstance(value, bool) else None
    if type_ == "text":
        return value if isinstance(value, str) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= NUMBER_MAX:
        return None
    return float(value) + 0.0  # there is one zero only
