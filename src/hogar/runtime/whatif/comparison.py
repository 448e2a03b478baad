"""What if this strategy were live? The whole published base decided under it and under another, nothing written.

Reads published profiles and the ledger's contacts in parts, so memory is bounded, by as many processes as pay; gives
how many get how far, which actions win and lose, and what the models expect of it. Nobody is contacted, no contact is
reserved, and expectations are the models' own. After: `report` says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice

from hogar.errors import UsageError
from hogar.runtime.campaigns import CHUNK_HOUSEHOLDS
from hogar.runtime.engine import Engine, Profiles
from hogar.runtime.whatif.asking import Question, with_channels
from hogar.runtime.whatif.counts import Side
from hogar.runtime.whatif.groupings import Grouping, default_features, grouping
from hogar.runtime.whatif.report import WhatifReport, report_of
from hogar.runtime.whatif.tally import PartTally, Row
from hogar.runtime.whatif.task import Slice, WhatifTask, actions_of, published_of
from hogar.runtime.workers import Opener, jobs_for, spread
from hogar.stores.ledger import StrategyRow, Wanted

EVENTS_MAX = 5_000  # recorded events that are decided again, each by itself
SAMPLE_FOR_GROUPS = 1000  # households by which numbers are cut into groups
WORTH_PROCESSES = 60_000  # households from which on a second process pays

Progress = Callable[[int, int], None]
"""Told how many households are done, and of how many."""
Rows = Callable[[], AbstractContextManager[Callable[[Sequence[Row]], None]]]
"""Opens where the rows of households that hear something else go."""


def whatif(
    engine: Engine,
    tried: StrategyRow,
    question: Question,
    *,
    against: StrategyRow | None = None,
    rows: Rows | None = None,
    opener: Opener | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> WhatifReport:
    """Compare a strategy that is tried with the live strategy (or another) over the live profile version.

    Raises UsageError for what does not exist, BindingError where a strategy needs what the profiles lack.
    """
    live = engine.live()
    before = against or engine.ledger.strategy(live.kernel.strategy.hash)
    assert before is not None, "the live strategy is in the ledger"
    version = live.kernel.schema.version
    both = [published_of(engine, row, version) for row in (before, tried)]
    kernels = [published.kernel for published in both]
    strategies = [kernel.strategy for kernel in kernels]
    question = with_channels(question, strategies)
    households, parts = parts_of(engine, live.profiles, question)
    task = WhatifTask(
        before=before, after=tried, profile=version, question=question, now=engine.clock(),
        groupings=_groupings(live.profiles, question),
        rows=rows is not None,
    )  # fmt: skip
    keys = actions_of(*kernels)
    total: PartTally | None = None
    workers = jobs_for(households, least=WORTH_PROCESSES, wanted=jobs)
    with rows() if rows is not None else nullcontext(_nowhere) as write:
        here = task.over(engine, both)
        for tally in spread(task, parts, here, opener=opener, jobs=workers):
            write(tally.rows)
            if total is None:
                total = tally
                total.rows = []
            else:
                total.add(tally)
            if progress is not None:
                progress(total.homes, households)
    if total is None or not total.homes:
        triggered = question.mode == "triggered"
        raise UsageError(
            f"no {'event was decided over the live profiles' if triggered else 'household is published'}"
        )
    sides = [Side.of(kernel, keys) for kernel in kernels]
    return report_of(task, strategies, sides, keys, total, of_households=live.profiles.count)


def parts_of(engine: Engine, profiles: Profiles, question: Question) -> tuple[int, Iterator[Slice]]:
    """How many households are looked at, and they in parts; a sample is every n-th in the order of the ids.

    In triggered mode it is the newest recorded events, all in one part.
    """
    sample = question.sample
    if question.mode == "triggered":
        wanted = Wanted(mode="triggered", limit=min(sample or EVENTS_MAX, EVENTS_MAX))
        first, last, events = engine.ledger.decision_span(wanted)
        if not events:
            raise UsageError("no event was recorded yet; `hogar triggers run` consumes events")
        return events, iter([Slice(events=(first, last))])
    count = profiles.count
    if sample is not None and sample < count:
        every = -(-count // max(sample, 1))
        return -(-count // every), _sampled(islice(profiles.ids(), 0, None, every))
    return count, _whole(profiles.ids(), count)


def _whole(ids: Iterable[str], count: int) -> Iterator[Slice]:
    """The base, each part behind the last id of the one before."""
    yield Slice(limit=CHUNK_HOUSEHOLDS)
    for number, id_ in enumerate(ids, start=1):
        if number % CHUNK_HOUSEHOLDS == 0 and number < count:
            yield Slice(after=id_, limit=CHUNK_HOUSEHOLDS)


def _sampled(ids: Iterator[str]) -> Iterator[Slice]:
    while some := tuple(islice(ids, CHUNK_HOUSEHOLDS)):
        yield Slice(ids=some)


def _groupings(profiles: Profiles, question: Question) -> tuple[Grouping, ...]:
    features = default_features(profiles.schema) if question.by is None else question.by
    every = max(profiles.count // SAMPLE_FOR_GROUPS, 1)
    sample = [
        home
        for id_ in islice(profiles.ids(), 0, None, every)
        if (home := profiles.household(id_)) is not None
    ]
    return tuple(grouping(profiles.schema, feature, sample) for feature in features)


def _nowhere(_: Sequence[Row]) -> None:
    """No file was asked for."""
