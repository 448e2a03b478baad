"""How fast does the kernel decide? One household of 5 through all stages; a batch; a program written by hand.

`python -m benchmarks.kernel --json`. Every answer is checked before it is timed: codes, choices and scores
against the hand-written peer, and the same bytes for one household and for the batch.
"""

from __future__ import annotations

import argparse
import resource
import time
from statistics import median

import numpy as np
from benchmarks import handwritten, workload
from benchmarks._frame import print_result

from hogar import decide
from hogar.decide.situation import Situation
from hogar.telco.profile import ProfileSchema

BATCH_HOUSEHOLDS = 8192


def main() -> None:
    """Run, check, time, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000, help="size of the batch (default 100,000)")
    parser.add_argument("--no-million", action="store_true", help="leave out the batch of 1,000,000 persons")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    arguments = parser.parse_args()
    schema = workload.schema()
    figures: dict[str, float | None] = {}
    for actions, conditions in ((200, 4), (500, 6), (2500, 6)):
        figures |= _one_household(actions, conditions, schema, arguments.seed)
    peers: dict[str, float] = {}
    small = f"{arguments.persons // 1000}k"
    batch, peer_seconds = _batch(arguments.persons, schema, arguments.seed, repeats=5)
    figures[f"batch_{small}_s"] = batch
    figures["batch_ratio_to_handwritten"] = batch / peer_seconds
    peers[f"handwritten_{small}_s"] = peer_seconds
    if not arguments.no_million:
        batch, peer_seconds = _batch(1_000_000, schema, arguments.seed, repeats=1)
        figures["batch_1m_s"] = batch
        figures["batch_1m_ratio_to_handwritten"] = batch / peer_seconds
        peers["handwritten_1m_s"] = peer_seconds
    figures["gib_peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print_result(
        "kernel", figures=figures, peers=peers,
        size={
            "features": workload.FEATURES, "unknown_share": workload.UNKNOWN_SHARE,
            "eligible_share": workload.ELIGIBLE_SHARE, "channels": 3, "recipients": "adults: 3 of 5 on average",
            "batch_persons": arguments.persons, "batch_actions": 100, "batch_conditions": 4, "seed": arguments.seed,
        },
    )  # fmt: skip


def _one_household(
    actions: int, conditions: int, schema: ProfileSchema, seed: int
) -> dict[str, float | None]:
    """Decide households of five one at a time: the decision is made a value each time, exclusions kept."""
    rng = np.random.default_rng(seed)
    kernel = decide.bind(workload.strategy_of(workload.rules(actions, conditions, rng)), schema)
    batch = workload.situation_of(kernel, np.full(300, 5), rng)
    singles = [workload.one_of(batch, number) for number in range(300)]
    together = kernel.decide(batch)
    for number in range(300):
        assert kernel.decide(singles[number])[0].encode() == together[number].encode(), "one and batch differ"
    times = []
    for _ in range(5):
        for single in singles:
            start = time.perf_counter()
            kernel.decide(single)[0]
            times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return {
        f"one_household_{actions}_actions_ms_p50": times[len(times) // 2],
        f"one_household_{actions}_actions_ms_p99": times[int(len(times) * 0.99)],
    }


def _batch(persons: int, schema: ProfileSchema, seed: int, *, repeats: int) -> tuple[float, float]:
    """Seconds of ours and of the peer (medians of interleaved runs) for the same persons, answers compared."""
    rng = np.random.default_rng(seed)
    rules = workload.rules(100, 4, rng)
    kernel = decide.bind(workload.strategy_of(rules), schema)
    sizes = rng.choice([1, 2, 3, 4, 5, 6], size=persons, p=[0.30, 0.31, 0.18, 0.14, 0.05, 0.02])
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), persons)) + 1]
    sizes[-1] -= sizes.sum() - persons
    situations = _split(workload.situation_of(kernel, sizes, rng))
    for situation in situations:
        _check(kernel, kernel.decide(situation), *_peer(rules, situation))
    ours, theirs = [], []
    for _ in range(repeats):
        start = time.perf_counter()
        for situation in situations:
            _answer(kernel.decide(situation))
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        for situation in situations:
            _peer(rules, situation)
        theirs.append(time.perf_counter() - start)
    return median(ours), median(theirs)


def _answer(decisions: decide.Decisions) -> tuple[np.ndarray, np.ndarray]:
    """What a campaign takes from a batch: the reason code of every candidate, and the choices with their scores."""
    found, chosen = decisions.candidates, decisions.candidates.chosen
    choices = (
        found.household[chosen[:, 0]], found.action[chosen[:, 0]], found.route_person[chosen[:, 1]],
        chosen[:, 2], chosen[:, 4],
    )  # fmt: skip
    return decisions.codes["person"], np.stack(choices, axis=1)


def _split(whole: Situation) -> list[Situation]:
    """Batches of whole households, as a campaign streams them."""
    return [
        workload.some_of(whole, start, min(start + BATCH_HOUSEHOLDS, len(whole.household_ids)))
        for start in range(0, len(whole.household_ids), BATCH_HOUSEHOLDS)
    ]


def _peer(rules: list[workload.Rule], situation: Situation) -> tuple[np.ndarray, np.ndarray]:
    data = {
        name: np.asarray(getattr(situation, name))
        for name in (
            "anchors", "person_household", "person_start", "roles", "adviser", "marketing", "objects", "minor",
            "room_person", "room_household",
        )
    }  # fmt: skip
    return handwritten.decide_all(rules, data, situation.values["person"])


def _check(
    kernel: decide.Kernel, decisions: decide.Decisions, peer_codes: np.ndarray, peer: np.ndarray
) -> None:
    codes, choices = _answer(decisions)
    assert (choices == peer).all(), "choices or scores differ from the hand-written program"
    base = kernel.code_base.astype(np.int64)
    failed = peer_codes < 254
    assert ((codes >= base.min()) == failed).all(), (
        "other candidates fell at a condition than in the hand-written program"
    )
    expected = (base[None, :] + peer_codes)[failed]
    assert (codes[failed] == expected).all(), (
        "the first failing condition differs from the hand-written program"
    )


if __name__ == "__main__":
    main()
