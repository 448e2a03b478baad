"""How fast is a whole base decided under two strategies? 200 actions, contacts, consents, through the product itself.

`python -m benchmarks.whatif --json`. Both strategies are compiled by fresh processes and every household is decided
under each. Checked first, on a sample: every reason, every proposal and the expected value are those that single
decisions give when they are explained one by one; that plain loop is the peer.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import published
from benchmarks._frame import print_result

from hogar import decide
from hogar.runtime.campaigns import WAIT_MINUTES_MAX
from hogar.runtime.engine import Engine, Published
from hogar.runtime.gather import gather
from hogar.runtime.whatif import Question, WhatifReport, whatif
from hogar.stores.ledger import StrategyRow

SAMPLE_HOMES = 300


def main() -> None:
    """Publish, check, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000, help="size of the base (default 100,000)")
    parser.add_argument("--million", action="store_true", help="also a base of 1,000,000 persons")
    parser.add_argument("--jobs", type=int, default=None, help="processes (default: as the command chooses)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    arguments = parser.parse_args()
    candidate = published.candidate(published.changed(published.texts(arguments.seed)))
    figures: dict[str, float | int | None] = {}
    peers: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="hogar-whatif-") as name:
        for persons in (arguments.persons, *([1_000_000] if arguments.million else [])):
            folder = Path(name) / str(persons)
            folder.mkdir()
            start = perf_counter()
            homes = published.publish(folder, persons, arguments.seed)
            label = f"{persons // 1000}k" if persons < 1_000_000 else f"{persons // 1_000_000}m"
            figures[f"published_{label}_s"] = perf_counter() - start
            loop = _checked(folder, candidate) * homes
            start, cpu = perf_counter(), cpu_seconds()
            with published.opened(folder) as engine:
                report = whatif(
                    engine,
                    candidate,
                    Question(),
                    opener=partial(published.opened, folder),
                    jobs=arguments.jobs,
                )
            figures[f"whatif_{label}_s"] = perf_counter() - start
            figures[f"whatif_{label}_cpu_s"] = cpu_seconds() - cpu
            figures[f"changed_{label}"] = report.changed
            figures[f"ratio_to_loop_{label}"] = loop / figures[f"whatif_{label}_s"]
            peers[f"loop_{label}_s"] = loop
            assert report.households == homes
        own, children = (
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        figures["gib_peak"] = max(own, children) / 2**20  # publishing the base included
        print_result(
            "whatif", figures=figures, peers=peers, folder=Path(name),
            size={
                "persons": arguments.persons, "actions": published.ACTIONS, "conditions": published.CONDITIONS,
                "strategies": 2, "channels": 3, "sample_checked_households": SAMPLE_HOMES, "seed": arguments.seed,
                "loop": "seconds a household of the sample x households",
            },
        )  # fmt: skip


def cpu_seconds() -> float:
    """What this process and those that it waited for have computed: says more than the clock on a busy machine."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _checked(folder: Path, candidate: StrategyRow) -> float:
    """Hold a sample against single decisions; seconds that the plain loop takes for one household."""
    with published.opened(folder) as engine:
        report = whatif(engine, candidate, Question(sample=SAMPLE_HOMES), jobs=1)
        live = engine.live()
        ids = list(live.profiles.ids())
        every = -(-len(ids) // SAMPLE_HOMES)
        row = engine.ledger.strategy(live.kernel.strategy.hash)
        assert row is not None
        seconds = 0.0
        for side, one in (("before", row), ("after", candidate)):
            seconds += _alone(engine, one, ids[::every], report, side)
    return seconds


def _alone(engine: Engine, row: StrategyRow, ids: list[str], report: WhatifReport, side: str) -> float:
    """One household after the other, explained; the answers must be the report's. Median seconds, unexplained."""
    live = engine.live()
    mine = replace(live, published=Published.of(engine.compile_strategy(row), live.profiles))
    request = decide.Request(channels=("email", "push", "sms"), wait_minutes_max=WAIT_MINUTES_MAX)
    reasons: Counter[tuple[str, str]] = Counter()
    actions: Counter[str] = Counter()
    value, times = 0, []
    for id_ in ids:
        start = perf_counter()
        home = live.profiles.household(id_)
        assert home is not None
        found = gather(engine, mine, [home], mode="campaign", request=request, now=published.NOW)
        decision = mine.kernel.decide(found.situation)[0]
        times.append(perf_counter() - start)
        explained = decide.explain(mine.kernel, decision)
        for one in explained.excluded:
            unknown = "_unknown" if one.because.startswith(("unknown,", "no offer")) else ""
            reasons[one.stage, one.reason + unknown] += 1
        for proposal in decision.proposals:
            actions[proposal.action] += 1
            value += proposal.probability_micro * proposal.value_cents
    assert {(f.stage, f.reason): getattr(f, side) for f in report.fallen if getattr(f, side)} == reasons, (
        "reasons"
    )
    assert {a.action: n for a in report.actions if (n := getattr(a, side).proposals)} == actions, "proposals"
    assert getattr(report.total, side).value_eur == round(value / 1e8, 2), "expected value"
    return median(times)


if __name__ == "__main__":
    main()
