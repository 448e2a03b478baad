"""Does a probability mean the same in a big market, and what does a big market cost? By number of lines.

Each size is made and ingested in one process, resolved in another whose time and memory are the resolution's alone, and
given to Splink in a third, on the hard links alone: our persons, our candidate pairs. All users allow traffic data.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from time import perf_counter

import pyarrow.parquet as pq
from benchmarks._frame import print_result
from benchmarks.households_judge import Flags, Floats, Truth, calibration_error
from benchmarks.households_market import Asked, ingested, make
from benchmarks.households_pairs import Found, Pairs
from benchmarks.households_splink import quiet, records, scored, scores

LINES_A_PERSON = 1.72  # of the twin's default market
LINES_MIN, MARKETS_MAX = 60_000, 10  # a small size is several markets: one would only show its own luck
Said = dict[str, float]
Figures = dict[str, float | int | None]


def main(sizes: Sequence[int], regime: str, seed: int, quietly: bool) -> int:
    """Every size, small ones first and often enough to be compared; print the figures."""
    figures: Figures = {}
    peers: Figures = {}
    for lines in sorted(sizes):
        markets = min(MARKETS_MAX, max(1, LINES_MIN // lines))
        said = [_market(lines, regime, seed + 100 * place, quietly) for place in range(markets)]
        figures[f"markets_{lines}_lines"] = markets
        for part, prefix, into in (
            ("make", "", figures),
            ("resolve", "", figures),
            ("splink", "splink_", peers),
        ):
            together = _together([one[part] for one in said])
            into |= {f"{prefix}{key}_{lines}_lines": value for key, value in together.items()}
    for prefix, into in (("", figures), ("splink_", peers)):
        for key in ("precision_at_half", "ece"):
            values = [float(into[f"{prefix}{key}_{lines}_lines"] or 0) for lines in sizes]
            into[f"{prefix}{key}_drift"] = max(values) - min(values)
    size = {"lines": sorted(sizes), "regime": regime, "seed": seed, "consent": 1.0}
    print_result("households", figures=figures, peers=peers, size=size)
    return 0


def _market(lines: int, regime: str, seed: int, quietly: bool) -> dict[str, Said]:
    """One market, every part."""
    asked = Asked(regime=regime, seed=seed, persons=round(lines / LINES_A_PERSON), consent=1.0)
    with TemporaryDirectory(prefix="households-") as folder:
        return {part: _apart(part, asked, Path(folder) / "market", quietly) for part in PARTS}


def _together(said: Sequence[Said]) -> Said:
    """Several markets of one size: means, and the precision of all their likely pairs."""
    found = {key: fmean(one[key] for one in said) for key in said[0]}
    if "likely_pairs" in found:
        right = sum(one["precision_at_half"] * one["likely_pairs"] for one in said)
        found["precision_at_half"] = right / max(sum(one["likely_pairs"] for one in said), 1)
    return found


def _apart(part: str, asked: Asked, folder: Path, quietly: bool) -> Said:
    """One part in a process of its own; what it says."""
    words = [part, asked.regime, asked.seed, asked.persons, folder]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.households_size", *map(str, words)],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    said: Said = json.loads(ran.stdout.splitlines()[-1])
    if not quietly:
        print(f"{asked.persons:,} persons, {part}: {json.dumps(said)}", file=sys.stderr, flush=True)
    return said


def _made(asked: Asked, folder: Path) -> Said:
    begin = perf_counter()
    market = make(asked, folder, threads=2)
    ties = pq.read_metadata(market.ingested / "tie_month.parquet").num_rows
    lines = pq.read_metadata(market.ingested / "line.parquet").num_rows
    return {"make_s": perf_counter() - begin, "lines": lines, "monthly_ties": ties}


def _resolved(asked: Asked, folder: Path) -> Said:
    market = ingested(asked, folder, threads=2)
    begin = perf_counter()
    resolved, report = market.resolved("ours")
    seconds, peak = perf_counter() - begin, _peak()
    truth = Truth.of(market.membership)
    pairs = Pairs.of(resolved, truth, Found.of(resolved, truth))
    return _calibration(pairs.probability, pairs.together) | {
        "resolve_s": seconds, "resolve_gib_peak": peak, "persons": report.persons, "pairs": report.pairs,
        "biggest": report.biggest,
    }  # fmt: skip


def _splink(asked: Asked, folder: Path) -> Said:
    market = ingested(asked, folder, threads=2)
    resolved = folder / "resolved" / "ours"
    begin = perf_counter()
    with market.canonical() as con, quiet():
        scores(con, records(con, resolved, soft=False))
        seconds, peak = perf_counter() - begin, _peak()
        truth = Truth.of(market.membership)
        found = Found.of(resolved, truth)
        pairs = Pairs.of(resolved, truth, found)
        probability = scored(con, pairs, found)
    return _calibration(probability, pairs.together) | {"s": seconds, "gib_peak": peak}


def _calibration(probability: Floats, together: Flags) -> Said:
    likely = probability >= 0.5
    return {
        "precision_at_half": float(together[likely].mean()), "likely_pairs": int(likely.sum()),
        "ece": calibration_error(probability, together),
    }  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


PARTS: dict[str, Callable[[Asked, Path], Said]] = {"make": _made, "resolve": _resolved, "splink": _splink}


if __name__ == "__main__":
    part, regime, seed, persons, folder = sys.argv[1:]
    asked = Asked(regime=regime, seed=int(seed), persons=int(persons), consent=1.0)
    print(json.dumps(PARTS[part](asked, Path(folder))))
