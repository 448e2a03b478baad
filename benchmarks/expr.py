"""How fast are many rules asked of one situation? `expr.Rules` against zen-engine, rule-engine and cel-python.

`python -m benchmarks.expr --json`. One situation after the other, each a row of Python values with 10 % unknown: ours
answers a code for each rule (where it fails first, and whether for want of a value), the peers pass or fail. Every
answer is checked before it is timed. Ours pays for turning the row into numbers, a peer for its own way in.

`zen_ratio_N` is against zen-engine's quickest form at N rules: a decision table, or one compiled list of expressions
that answers pass or fail. `zen_codes_ratio_N` is against zen-engine answering the same codes as ours.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from benchmarks import expr_peers, workload
from benchmarks._frame import print_result

from hogar import expr

SITUATIONS = 1000
CONDITIONS = 6
ROUNDS = 5
SECONDS_A_ROUND = 4.0  # a peer that needs more is asked fewer situations
CHECKED = 50
PEERS: dict[str, tuple[Callable[[list[workload.Rule]], expr_peers.Peer], tuple[int, ...]]] = {
    "zen_list": (expr_peers.zen_list, (500, 3000)), "zen_table": (expr_peers.zen_table, (500, 3000)),
    "zen_codes": (expr_peers.zen_codes, (500, 3000)), "rule_engine": (expr_peers.rule_engine_rules, (500,)),
    "cel": (expr_peers.cel, (500,)),
}  # fmt: skip


def main() -> None:
    """Run, check, time, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    arguments = parser.parse_args()
    figures: dict[str, float] = {}
    peers: dict[str, float] = {}
    asked: dict[str, int] = {"ours": SITUATIONS}
    for rules in (500, 3000):
        seconds = _measured(rules, arguments.seed, asked)
        figures[f"ours_{rules}_us"] = 1e6 * seconds["ours"]
        figures[f"ours_{rules}_batch_us"] = 1e6 * seconds["ours_batch"]
        peers |= {f"{name}_{rules}_us": 1e6 * took for name, took in seconds.items() if name in PEERS}
        zen = min(seconds["zen_list"], seconds["zen_table"])
        figures[f"zen_ratio_{rules}"] = zen / seconds["ours"]
        for name in ("zen_codes", "zen_table", "rule_engine", "cel"):
            if name in seconds:
                figures[f"{name}_ratio_{rules}"] = seconds[name] / seconds["ours"]
    print_result(
        "expr", figures=figures, peers=peers,
        size={
            "features": workload.FEATURES, "conditions": CONDITIONS, "unknown_share": workload.UNKNOWN_SHARE,
            "situations": asked, "rounds": ROUNDS, "seed": arguments.seed,
            "answers": "ours and zen_codes: one code a rule; other peers: pass or fail",
        },
    )  # fmt: skip


def _measured(count: int, seed: int, asked: dict[str, int]) -> dict[str, float]:
    """Seconds a situation, by name: medians of interleaved rounds, answers checked first."""
    rng = np.random.default_rng(seed)
    made = workload.rules(count, CONDITIONS, rng)
    rows = _rows(rng)
    names = [expr_peers.key(feature) for feature in range(workload.FEATURES)]
    situations = [dict(zip(names, row, strict=True)) for row in rows]
    ours = _ours(made)
    answers = [ours([row])[0] for row in rows]
    assert (ours(rows) == np.array(answers)).all(), "one situation and a batch differ"
    peers: dict[str, expr_peers.Peer] = {}
    for name, (make, counts) in PEERS.items():
        if count in counts:
            peers[name] = ask = make(made)
            start = time.perf_counter()
            checked = 0
            while checked < 3 or (checked < CHECKED and time.perf_counter() - start < SECONDS_A_ROUND):
                expected = answers[checked] if name == "zen_codes" else answers[checked] == expr.PASSES
                assert ask(situations[checked]) == expected.tolist(), f"{name} answers otherwise"
                checked += 1
            each = (time.perf_counter() - start) / checked
            asked[f"{name}_{count}"] = max(3, min(SITUATIONS, int(SECONDS_A_ROUND / each)))
    times: dict[str, list[float]] = {name: [] for name in ("ours", "ours_batch", *peers)}
    gc.collect()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for row in rows:
            ours([row])
        times["ours"].append((time.perf_counter() - start) / len(rows))
        start = time.perf_counter()
        ours(rows)
        times["ours_batch"].append((time.perf_counter() - start) / len(rows))
        for name, ask in peers.items():
            some = situations[: asked[f"{name}_{count}"]]
            start = time.perf_counter()
            for situation in some:
                ask(situation)
            times[name].append((time.perf_counter() - start) / len(some))
    return {name: median(taken) for name, taken in times.items()}


def _ours(made: list[workload.Rule]) -> Callable[[list[list[expr.Value]]], np.ndarray]:
    columns = [
        expr.RuleColumn(name=column.name, type=column.type, dictionary=column.dictionary)
        for column in workload.schema().person
    ]
    rules = expr.Rules.of(
        [[expr.parse(test.sql, workload.HERE, workload.SCHEMA) for test in rule.tests] for rule in made],
        columns,
    )
    return lambda rows: rules.codes(rules.matrix(rows))


def _rows(rng: np.random.Generator) -> list[list[expr.Value]]:
    """Situations of the workload's shape as rows of Python values."""
    rows: list[list[expr.Value]] = []
    for _ in range(SITUATIONS):
        row: list[expr.Value] = []
        for feature in range(workload.FEATURES):
            drawn, kind = rng.random(), workload.kind_of(feature)
            if rng.random() < workload.UNKNOWN_SHARE:
                row.append(None)
            elif kind == "boolean":
                row.append(bool(drawn < workload.ELIGIBLE_SHARE ** (1 / CONDITIONS)))
            else:
                row.append(
                    workload.TEXTS[int(drawn * len(workload.TEXTS))] if kind == "text" else round(drawn, 4)
                )
        rows.append(row)
    return rows


if __name__ == "__main__":
    main()
