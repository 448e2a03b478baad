"""What would both strategies say to these households? One part of the base, decided twice over the same situations.

Reads published profiles and the ledger's contacts by the same `gather` as every mode; writes nothing. Where both
strategies read the same columns and keep the same policies, the situation is made once for both. Before: `comparison`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import msgspec
import numpy as np

from hogar.decide import Decisions, Kernel, Situation
from hogar.runtime.engine import Engine, Profiles, Published
from hogar.runtime.gather import decode_record, gather, recorded_situation
from hogar.runtime.live import changed, changes
from hogar.runtime.whatif.asking import Asking, Question
from hogar.runtime.whatif.counts import Index
from hogar.runtime.whatif.groupings import Grouping
from hogar.runtime.whatif.tally import Adding, PartTally
from hogar.stores.ledger import StrategyRow, Wanted
from hogar.stores.moment import to_micros
from hogar.telco.channels import Mode
from hogar.telco.profile import HouseholdProfile


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the base: so many households behind one, or those of a sample; or recorded events by their places."""

    after: str | None = None
    limit: int = 0
    ids: tuple[str, ...] = ()
    events: tuple[int, int] | None = None

    def households(self, profiles: Profiles) -> list[HouseholdProfile]:
        """The households of the part."""
        if self.ids:
            return [home for home in map(profiles.household, self.ids) if home is not None]
        return list(profiles.households(self.after, self.limit))


@dataclass(frozen=True, kw_only=True)
class WhatifTask:
    """What every process needs to know: both strategies as the ledger keeps them, the profile version, the question.

    The question names its channels.
    """

    before: StrategyRow
    after: StrategyRow
    profile: str
    question: Question
    now: datetime
    groupings: tuple[Grouping, ...]
    rows: bool

    def on(self, engine: Engine) -> Callable[[Slice], PartTally]:
        """The comparison, over this engine. Raises BindingError where a strategy does not fit the profiles."""
        return self.over(
            engine, [published_of(engine, row, self.profile) for row in (self.before, self.after)]
        )

    def over(self, engine: Engine, both: Sequence[Published]) -> Callable[[Slice], PartTally]:
        """The comparison of two strategies that are bound already."""
        live = engine.live()
        sides = [replace(live, published=published) for published in both]
        keys = actions_of(*(side.kernel for side in sides))
        asking = [Asking.of(engine, side, keys, self.question, self.now) for side in sides]
        return partial(_part, engine, self, asking[0], asking[1], len(keys))


def published_of(engine: Engine, row: StrategyRow, profile: str) -> Published:
    """A strategy over a profile version, though the ledger may not have it."""
    if engine.ledger.strategy(row.hash) is not None:
        return engine.opened(row.hash, profile)
    return Published.of(engine.compile_strategy(row), engine.profiles(profile))


def actions_of(before: Kernel, after: Kernel) -> tuple[str, ...]:
    """The keys of the actions of both strategies, in order."""
    return tuple(sorted({action.key for kernel in (before, after) for action in kernel.strategy.actions}))


_Visit = tuple[list[int], list[int] | None]
"""Households of a part (by number) that are looked at together; at the inbound door who of each comes (by position)."""


def _visits(mode: Mode, homes: Sequence[HouseholdProfile]) -> Iterator[_Visit]:
    """All at once; at the inbound door each member who is no minor comes once, the first of every household first."""
    if mode != "inbound":
        yield list(range(len(homes))), None
        return
    comers = [[p for p, member in enumerate(home.members) if member.minor is not True] for home in homes]
    for turn in range(max(map(len, comers), default=0)):
        numbers = [number for number, found in enumerate(comers) if len(found) > turn]
        yield numbers, [comers[number][turn] for number in numbers]


Looked = tuple[Index, Decisions]
"""What one strategy says to households of a part, given by number."""


def _part(
    engine: Engine, task: WhatifTask, before: Asking, after: Asking, actions: int, part: Slice
) -> PartTally:
    if part.events:
        return _events(engine, task, before, after, actions, part.events)
    homes = part.households(before.live.profiles)
    adding = Adding(homes, task.groupings, (before.side, after.side), actions, rows=task.rows)
    for numbers, comers in _visits(task.question.mode, homes) if homes else ():
        first = _seen(engine, task, before, homes, numbers, comers)
        second = first if before.like(after) else _seen(engine, task, after, homes, numbers, comers)
        for one, other in zip(_decided(before, *first), _decided(after, *second), strict=True):
            adding.take(one, other)
    return adding.done()


def _seen(
    engine: Engine,
    task: WhatifTask,
    asking: Asking,
    homes: list[HouseholdProfile],
    numbers: list[int],
    comers: list[int] | None,
) -> tuple[Index, Situation]:
    """The situation of these households as one strategy sees it; without those that its campaign is not about."""
    some = [homes[number] for number in numbers]
    fresh = changes(engine.ledger, asking.live.published.live, some, to_micros(task.now))
    audience = None
    if asking.audience is not None:
        found = [asking.audience(changed(home, new)) for home, new in zip(some, fresh, strict=True)]
        about = [place for place, positions in enumerate(found) if positions]
        numbers = [numbers[place] for place in about]
        some, fresh = [some[place] for place in about], [fresh[place] for place in about]
        audience = [found[place] for place in about]
    situation = gather(
        engine, asking.live, some, mode=task.question.mode, request=asking.requests[0], now=task.now, audience=audience,
        fresh=fresh,
    ).situation  # fmt: skip
    if comers is not None:
        in_front = np.zeros(len(situation.person_ids), dtype=np.bool_)
        in_front[situation.person_start[:-1] + np.array(comers, dtype=np.int32)] = True
        situation = replace(situation, in_front=in_front)
    return np.array(numbers, dtype=np.intp), situation


def _decided(asking: Asking, numbers: Index, situation: Situation) -> Iterator[Looked]:
    for request in asking.requests:
        yield numbers, asking.live.kernel.decide(replace(situation, request=request))


def _events(
    engine: Engine, task: WhatifTask, before: Asking, after: Asking, actions: int, places: tuple[int, int]
) -> PartTally:
    """Each recorded event once more, with its request, moment and contacts, as today's triggers would ask of it."""
    rows = engine.ledger.decisions_between(*places, Wanted(mode="triggered"))
    homes: dict[str, HouseholdProfile] = {}
    for row in rows:
        home = before.live.profiles.household(row.household_id) if row.profile == task.profile else None
        if home is not None:
            homes[home.id] = home
    number = {id_: place for place, id_ in enumerate(homes)}
    adding = Adding(list(homes.values()), task.groupings, (before.side, after.side), actions, rows=task.rows)
    for row in rows:
        if row.profile == task.profile and row.household_id in number:
            record, at = decode_record(row.situation), np.array([number[row.household_id]], dtype=np.intp)
            one, other = (
                asking.live.kernel.decide(
                    recorded_situation(
                        asking.live.kernel, homes[row.household_id], "triggered", asking.of_event(record)
                    )
                )
                for asking in (before, after)
            )
            adding.take((at, one), (at, other))
    return adding.done()
