"""Do all decisions come out again? Replays what the ledger holds in batches, byte for byte.

Reads decisions page by page, so memory is bounded; writes nothing. Decisions of one strategy, profile version, mode,
request and moment are decided together, as a campaign decides; at the inbound door, where neither the recipient nor
the time of day is shared, those of one day that ask the same. What then differs is replayed alone before it is called
different, so a batch can only be faster, never of another opinion. Before: `replay`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import msgspec
import numpy as np

from hogar.decide import Decision, Situation
from hogar.decide.days import local_day
from hogar.errors import HogarError, UsageError
from hogar.runtime.engine import Engine, Published
from hogar.runtime.gather import Recorded, decode_record, recorded_batch
from hogar.runtime.replay import Difference, UnknownDecision, differences_of, mode_of, replay_row
from hogar.runtime.workers import Opener, jobs_for, spread
from hogar.stores import campaign_runs
from hogar.stores.ledger import DecisionRow, Wanted
from hogar.stores.moment import to_moment
from hogar.telco.profile import HouseholdProfile

PAGE = 4096  # decisions that are read, and at most decided, together
TOGETHER_MIN = 4  # fewer are decided alone
DIFFERENT_SHOWN_MAX = 20
WORTH_PROCESSES = 40_000  # decisions from which on a second process pays

RUNS_SHOWN_MAX = 8

Progress = Callable[[int, int], None]
"""Told how many decisions were replayed, and how many differ."""


class Differs(msgspec.Struct, frozen=True, kw_only=True):
    """One decision that came out otherwise, and in what."""

    decision: str
    household: str
    mode: str
    differences: tuple[Difference, ...]


class ManyReport(msgspec.Struct, frozen=True, kw_only=True):
    """How many came out the same. `gone`: strategy or profile version are not there or damaged, so nobody can say.

    `different` is counted in full, `differences` has the first few by their place in the ledger.
    """

    decisions: int
    replayed: int
    identical: int
    different: int
    gone: int
    identical_share: float | None
    modes: dict[str, dict[str, int]]
    gone_because: dict[str, int]
    differences: tuple[Differs, ...]


@dataclass(kw_only=True)
class Tally:
    """What one page, or all pages so far, came to: counts by (mode, outcome)."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    different: list[Differs] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in the pages that come after these."""
        self.counts += other.counts
        self.gone += other.gone
        self.different = (self.different + other.different)[:DIFFERENT_SHOWN_MAX]

    def of(self, outcome: str) -> int:
        """How many had this outcome, of all modes."""
        return sum(count for (_, what), count in self.counts.items() if what == outcome)

    def report(self) -> ManyReport:
        """The counts as a value."""
        same, other, gone = self.of("identical"), self.of("different"), self.of("gone")
        modes: dict[str, dict[str, int]] = {}
        for (mode, outcome), count in sorted(self.counts.items()):
            modes.setdefault(mode, {"identical": 0, "different": 0, "gone": 0})[outcome] = count
        return ManyReport(
            decisions=same + other + gone, replayed=same + other, identical=same, different=other, gone=gone,
            identical_share=same / (same + other) if same + other else None, modes=modes,
            gone_because=dict(sorted(self.gone.items())), differences=tuple(self.different),
        )  # fmt: skip


def replay_many(
    engine: Engine,
    wanted: Wanted,
    *,
    opener: Opener | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> ManyReport:
    """Replay every recorded decision that is wanted; by several processes where an opener is given and it pays.

    Raises UsageError for a campaign's run that there is not.
    """
    if wanted.campaign_run is not None:
        _known_run(engine, wanted.campaign_run)
    first, last, count = engine.ledger.decision_span(wanted)
    pages = [(start, min(start + PAGE - 1, last)) for start in range(first, last + 1, PAGE)] if count else []
    total = Tally()
    workers = jobs_for(count, least=WORTH_PROCESSES, wanted=jobs)
    task = ReplayTask(wanted=wanted)
    for tally in spread(task, pages, task.on(engine), opener=opener, jobs=workers):
        total.add(tally)
        if progress is not None:
            progress(sum(total.counts.values()), total.of("different"))
    return total.report()


def _known_run(engine: Engine, id_: str) -> None:
    if campaign_runs.find(engine.ledger, id_) is not None:
        return
    found = campaign_runs.newest(engine.ledger, RUNS_SHOWN_MAX)
    there = ", ".join(f"{run.id} ({run.name}, {to_moment(run.started_at):%Y-%m-%d %H:%M})" for run in found)
    raise UsageError(
        f"there is no run `{id_}`; "
        + (f"the newest are {there}" if found else "no campaign has run yet, `hogar campaign run NAME` does")
    )


@dataclass(frozen=True, kw_only=True)
class ReplayTask:
    """The replay of the wanted decisions whose place in the ledger lies between two numbers, both included."""

    wanted: Wanted

    def on(self, engine: Engine) -> Callable[[tuple[int, int]], Tally]:
        """The replay over this engine."""
        return partial(self._page, engine)

    def _page(self, engine: Engine, span: tuple[int, int]) -> Tally:
        return replay_rows(engine, engine.ledger.decisions_between(*span, self.wanted))


def replay_rows(engine: Engine, rows: Sequence[DecisionRow]) -> Tally:
    """What became of each of these rows."""
    tally = Tally()
    groups: dict[tuple[Any, ...], list[tuple[DecisionRow, Recorded]]] = {}
    alone: list[DecisionRow] = []
    for row in rows:
        try:
            record = decode_record(row.situation)
            groups.setdefault(_together(row, record), []).append((row, record))
        except (msgspec.MsgspecError, KeyError):
            alone.append(row)
    for _, group in sorted(groups.items(), key=lambda item: item[0][:2]):  # each strategy is bound once
        again = _decided(engine, group) if len(group) >= TOGETHER_MIN else [None] * len(group)
        for (row, record), decision in zip(group, again, strict=True):
            if decision is not None and not differences_of(row, record, decision):
                tally.counts[row.mode, "identical"] += 1
            else:
                alone.append(row)
    gone: dict[tuple[str, str], str] = {}
    for row in sorted(alone, key=lambda row: (row.strategy, row.profile)):
        _alone(engine, row, tally, gone)
    order = {row.id: number for number, row in enumerate(rows)}
    tally.different = sorted(tally.different, key=lambda one: order[one.decision])[:DIFFERENT_SHOWN_MAX]
    return tally


def _together(row: DecisionRow, record: Recorded) -> tuple[Any, ...]:
    """What decisions must share to be decided together. At the inbound door any recipient and any minute of the day."""
    request = record.request
    moment: tuple[int, ...] = (record.now, record.local_minute, record.local_weekday)
    if row.mode == "inbound" and request.recipient is not None:
        request = msgspec.structs.replace(request, recipient="")
        moment = (local_day(to_moment(record.now), record.local_weekday).toordinal(),)
    return (
        row.strategy, row.profile, row.mode, moment, _ENCODER.encode(request), record.audience is None,
    )  # fmt: skip


def _decided(engine: Engine, group: list[tuple[DecisionRow, Recorded]]) -> Sequence[Decision | None]:
    """Each decision of a group once more, all in one batch; None where that cannot be."""
    row = group[0][0]
    try:
        published = engine.opened(row.strategy, row.profile)
        homes = [published.profiles.household(one.household_id) for one, _ in group]
    except HogarError:
        return [None] * len(group)
    found = [(home, record) for home, (_, record) in zip(homes, group, strict=True) if home is not None]
    again = _batch(published, found, row) if found else iter(())
    return [None if home is None else next(again) for home in homes]


def _batch(
    published: Published, found: list[tuple[HouseholdProfile, Recorded]], row: DecisionRow
) -> Iterator[Decision]:
    homes, records = [home for home, _ in found], [record for _, record in found]
    situation = recorded_batch(published.kernel, homes, mode_of(row), records)
    if row.mode == "inbound" and records[0].request.recipient is not None:
        situation = _each_in_front(situation, homes, records)
    for decision, record in zip(published.kernel.decide(situation), records, strict=True):
        at = to_moment(record.now).isoformat()
        yield decision if decision.at == at else msgspec.structs.replace(decision, at=at)


def _each_in_front(
    situation: Situation, homes: Sequence[HouseholdProfile], records: Sequence[Recorded]
) -> Situation:
    """The batch with another person in front of us in each household."""
    in_front = np.zeros(len(situation.person_ids), dtype=np.bool_)
    for start, home, record in zip(situation.person_start.tolist()[:-1], homes, records, strict=True):
        for position, member in enumerate(home.members):
            if member.id == record.request.recipient:
                in_front[start + position] = True
    return replace(situation, in_front=in_front)


def _alone(engine: Engine, row: DecisionRow, tally: Tally, gone: dict[tuple[str, str], str]) -> None:
    """Replay one decision by itself, and count what became of it; `gone` are versions that were looked for in vain."""
    versions = (row.strategy, row.profile)
    if versions not in gone:
        try:
            engine.opened(*versions)
        except HogarError as error:
            gone[versions] = str(error)
    if versions in gone:
        tally.counts[row.mode, "gone"] += 1
        tally.gone[gone[versions]] += 1
        return
    try:
        differences = replay_row(engine, row).differences
    except UnknownDecision as error:
        differences = (Difference(part="household", recorded=row.household_id, again=str(error)),)
    except (msgspec.MsgspecError, KeyError, ValueError, IndexError) as error:
        words = f"{type(error).__name__}: {error}"
        differences = (Difference(part="situation", recorded="cannot be decided from", again=words),)
    tally.counts[row.mode, "different" if differences else "identical"] += 1
    if differences:
        tally.different.append(
            Differs(decision=row.id, household=row.household_id, mode=row.mode, differences=differences)
        )


_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
