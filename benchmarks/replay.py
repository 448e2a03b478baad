"""How fast do recorded decisions come out again, byte for byte? All three modes, 200 actions, through the ledger.

`python -m benchmarks.replay --json`. Decisions are made by the product itself (campaign plans, inbound requests by
other people at other moments, triggered events) and committed; then another strategy and another profile version go
live, and fresh processes replay everything. Checked first: a sample replayed one by one, the peer, says the same; and
one row that was tampered with is found.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import msgspec
import numpy as np
from benchmarks import published
from benchmarks._frame import print_result

from hogar.runtime import campaigns, triggers
from hogar.runtime.engine import Engine
from hogar.runtime.inbound import InboundRequest, prepare
from hogar.runtime.replay import replay
from hogar.runtime.replay_many import ManyReport, replay_many
from hogar.stores import events
from hogar.stores.commit import ROWS_MAX, commit
from hogar.stores.ledger import Ledger, Wanted
from hogar.stores.moment import to_micros
from hogar.stores.profiles import Profiles, write_profiles
from hogar.telco.events import Event

PLANS, PLAN_SHARE, INBOUND_SHARE = 3, 0.6, 0.3
PERSONS_A_HOME = 2.4
SAMPLE = 300  # of each mode, one by one
MODES = ("campaign", "inbound", "triggered")


def main() -> None:
    """Record, change what is live, check, replay, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=100_000, help="how many (default 100,000)")
    parser.add_argument("--jobs", type=int, default=None, help="processes (default: as the command chooses)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hogar-replay-") as name:
        folder = Path(name)
        start = perf_counter()
        _record(folder, arguments.decisions, arguments.seed)
        recorded_s = perf_counter() - start
        _publish_another(folder, arguments.seed)
        loop_s = _checked(folder, arguments.seed)
        reports: dict[str, ManyReport] = {}
        seconds: dict[str, float] = {}
        for mode in (None, *MODES):
            start, cpu = perf_counter(), cpu_seconds()
            with published.opened(folder) as engine:
                found = replay_many(
                    engine, Wanted(mode=mode), opener=partial(published.opened, folder), jobs=arguments.jobs
                )
            reports[mode or "all"], seconds[mode or "all"] = found, perf_counter() - start
            if mode is None:
                all_cpu = cpu_seconds() - cpu
        all_ = reports["all"]
        loop = sum(loop_s[mode] * reports[mode].replayed for mode in MODES)
        print_result(
            "replay",
            figures={
                "identical_share": all_.identical_share, "replayed": all_.replayed, "s": seconds["all"],
                "cpu_s": all_cpu,
                "different": all_.different, "gone": all_.gone, "ratio_to_loop": loop / seconds["all"],
                **{f"{mode}_replayed": reports[mode].replayed for mode in MODES},
                **{f"{mode}_s": seconds[mode] for mode in MODES},
                "recorded_s": recorded_s, "gib_peak": gib_peak(),
            },
            peers={"loop_s": loop, **{f"loop_{mode}_ms": loop_s[mode] * 1000 for mode in MODES}},
            checked=all_.identical == all_.decisions, folder=folder,
            size={
                "decisions": all_.decisions, "actions": published.ACTIONS, "conditions": published.CONDITIONS,
                "persons_a_household": PERSONS_A_HOME, "strategies": 2, "seed": arguments.seed,
            },
        )  # fmt: skip


def cpu_seconds() -> float:
    """What this process and those that it waited for have computed: says more than the clock on a busy machine."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def gib_peak() -> float:
    """The largest process of this run."""
    own, children = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(own, children) / 2**20


class _Clock:
    """A clock that moves on by a little over a second whenever it is read."""

    def __init__(self) -> None:
        self.now = published.NOW

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1_234_567)
        return self.now


def _record(folder: Path, decisions: int, seed: int) -> None:
    """Publish a base, then decide and commit in all three modes."""
    homes_wanted = max(int(decisions * PLAN_SHARE / PLANS), 1)
    homes = published.publish(folder, int(homes_wanted * PERSONS_A_HOME), seed)
    rng = np.random.default_rng(seed)
    for number in range(PLANS):
        moment = published.NOW + timedelta(days=number, hours=number)
        with published.opened(folder, lambda moment=moment: moment) as engine:
            campaigns.plan(engine, "everybody")
    with published.opened(folder, _Clock()) as engine:
        _inbound(engine, homes, round(decisions * INBOUND_SHARE), rng)
        _triggered(engine, homes, round(decisions * (1 - PLAN_SHARE - INBOUND_SHARE)), rng)


def _inbound(engine: Engine, homes: int, count: int, rng: np.random.Generator) -> None:
    for start in range(0, count, ROWS_MAX):
        some = rng.choice(homes, min(ROWS_MAX, count - start, homes), replace=False).tolist()
        drafts = [
            prepare(
                engine,
                InboundRequest(
                    channel=("web", "call_centre")[home % 2], person=published.person_id(home, 0),
                    reason=("plans", "bill", "fault")[home % 3],
                ),
            ).draft
            for home in some
        ]  # fmt: skip
        assert set(commit(engine.ledger, drafts)) == {"made"}


def _triggered(engine: Engine, homes: int, count: int, rng: np.random.Generator) -> None:
    now = to_micros(published.NOW)
    drawn = rng.integers(0, homes, count).tolist()
    found = [
        Event(
            source="benchmark", id=str(number), type="com.benchmark.v1.seen", time=published.NOW.isoformat(),
            subject=published.person_id(home, 0), data={"page": f"page-{home % 50}"},
        )
        for number, home in enumerate(drawn)
    ]  # fmt: skip
    for start in range(0, count, 1000):
        events.append(engine.ledger, found[start : start + 1000], now)
    engine.clock = lambda: published.NOW + timedelta(minutes=3)
    triggers.consume(engine)


def _publish_another(folder: Path, seed: int) -> None:
    """Another strategy and another profile version go live."""
    row = published.candidate(published.changed(published.texts(seed)))
    with published.opened(folder) as engine, Ledger.open(folder / "ledger.db") as ledger:
        profiles = engine.live().profiles
        assert isinstance(profiles, Profiles)
        newer = msgspec.structs.replace(profiles.schema, models="newer")
        written = write_profiles(folder / "aside", newer, profiles.households(limit=1000))
        (folder / "aside").rename(folder / written.version)
        ledger.publish_strategy(row)
        ledger.point(
            {"strategy": row.hash, "profile": written.version}, at=to_micros(published.NOW), by="benchmark"
        )


def _checked(folder: Path, seed: int) -> dict[str, float]:
    """A sample one by one: the peer, in seconds a decision; and a tampered row is found."""
    rng = np.random.default_rng(seed)
    seconds: dict[str, float] = {}
    with published.opened(folder) as engine:
        for mode in MODES:
            ids = engine.ledger.decision_ids(mode=mode, limit=1_000_000)
            sample = rng.choice(ids, min(SAMPLE, len(ids)), replace=False).tolist()
            replay(engine, sample[0])
            times = []
            for id_ in sample:
                start = perf_counter()
                assert replay(engine, id_).identical, f"{mode}: {id_} differs"
                times.append(perf_counter() - start)
            seconds[mode] = median(times)
    with _tampered(folder) as (engine, id_):
        found = replay_many(engine, Wanted(limit=2000))
        assert [one.decision for one in found.differences] == [id_], "a tampered decision was not found"
    return seconds


@contextmanager
def _tampered(folder: Path) -> Iterator[tuple[Engine, str]]:
    """The ledger with one byte of one decision changed, for as long as the block."""
    with published.opened(folder) as engine:
        id_ = engine.ledger.decision_ids(limit=500)[-1]
        row = engine.ledger.decision(id_)
        assert row is not None
        wrong = row.decision.replace(b"codes_person", b"codes_persom")
        for data in (wrong, row.decision):
            engine.ledger.connection.execute("UPDATE decision SET decision = ? WHERE id = ?", (data, id_))
            if data is wrong:
                yield engine, id_


if __name__ == "__main__":
    main()
