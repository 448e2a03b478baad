"""Who lives together, who uses the line, who has which role, who is missing: how well, and beside which peers?

    python -m benchmarks.households [--regimes R,R] [--seeds N,N] [--persons N] [--consents C,C] [--rows FILE] [--json]
    python -m benchmarks.households --ablation     what each family of evidence is worth, at each consent share
    python -m benchmarks.households --size N,N     calibration, time and memory by number of lines

Bare: three regimes (spain, one-name, prepaid) x seeds 11-13 x 5,000 persons x five shares of users who allow traffic
data, each market made, ingested, resolved and judged. A figure is the worst of all markets (`_consent_60`: of those at
60 %; `_mean`: their mean). The judge of homes is er-evaluation, of true persons: one who was not found lives alone.

| key | means |
|---|---|
| `pair_f1`, `precision` | of pairs of persons in the homes found |
| `..._share_of_ceiling` | F1 by the best F1 of a supervised model, as pairs or clustered as ours are |
| `..._pairs` | the same of scored pairs from 0.5 on, before homes are made, by the model's best F1 of pairs |
| `..._without_sure` | without the pairs on which the training was anchored |
| `..._gain_over_hard` | F1 minus that of names, addresses, deliveries and contracts alone, at 60 % and 100 % |
| `ungrouped_...` | pairs with somebody whose home has no convergent or group offer |
| `role_gain_over_holder` | of all persons judged; `_shared_homes`: of true homes with two adults or more |
| `roles_well_found` | of six: with half the errors of "the holder does everything", or right for 95 % |
| `offnet_...`, `..._full_consent` | at 100 % alone |
| `..._located` | at 100 %, with location data allowed by all and switched on |
| `ece` | of scored candidate pairs, ten bins of equal width |
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks._frame import print_result
from benchmarks.households_ablation import ablation_row
from benchmarks.households_figures import ablation_figures, figures, peer_figures, table
from benchmarks.households_market import Asked
from benchmarks.households_row import Row, row_of

REGIMES, SEEDS, PERSONS = ("spain", "one-name", "prepaid"), (11, 12, 13), 5000
CONSENTS = (0.0, 0.1, 0.3, 0.6, 1.0)
FULL = 1.0


def main() -> int:
    """Make and judge every market; print its figures. Exit 1 where the two judges do not agree."""
    asked = _arguments()
    if asked.size:
        from benchmarks.households_size import main as sizes

        return sizes(asked.size, asked.regimes[0], asked.seeds[0], asked.json)
    markets = [
        Asked(regime=regime, seed=seed, persons=asked.persons, consent=consent, located=located)
        for regime in asked.regimes
        for seed in asked.seeds
        for consent in asked.consents
        for located in ([True] if asked.ablation else [False, True] if consent == FULL else [False])
    ]
    work = ablation_row if asked.ablation else partial(row_of, splink=not asked.no_splink)
    rows = list(_rows(work, markets, asked.workers))
    if asked.rows:
        asked.rows.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    checked = all(row.get("agrees", True) for row in rows)
    if not asked.json and not asked.ablation:
        print(table(rows))
    print_result(
        "households",
        figures=ablation_figures(rows) if asked.ablation else figures(rows),
        peers={} if asked.ablation else peer_figures(rows),
        size={
            "persons": asked.persons, "regimes": asked.regimes, "seeds": asked.seeds, "consents": asked.consents,
            "markets": len(rows), "ablation": asked.ablation,
        },
        checked=checked,
    )  # fmt: skip
    return 0 if checked else 1


def _rows(work: Callable[[Asked], Row], markets: Sequence[Asked], workers: int) -> Iterator[Row]:
    """A row for each market as it comes, in processes of their own; progress to stderr."""
    begin = perf_counter()
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        for done, row in enumerate(as_completed([pool.submit(work, one) for one in markets]), 1):
            yield row.result()
            print(
                _progress(row.result(), done, len(markets), perf_counter() - begin),
                file=sys.stderr,
                flush=True,
            )


def _progress(row: Row, done: int, count: int, seconds: float) -> str:
    where = " located" if row["located"] else ""
    return (
        f"{done}/{count}, {seconds:.0f} s: {row['regime']} seed {row['seed']} consent {row['consent']}{where}: "
        f"pair F1 {row['pair_f1']:.3f}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--regimes", type=lambda text: text.split(","), default=list(REGIMES))
    parser.add_argument("--seeds", type=_numbers(int), default=list(SEEDS))
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--consents", type=_numbers(float), default=list(CONSENTS), help="shares from 0 to 1")
    parser.add_argument("--workers", type=int, default=2, help="markets at a time (default 2)")
    parser.add_argument("--rows", type=Path, help="write what each market came to, a JSON object a line")
    parser.add_argument("--no-splink", action="store_true", help="leave out the slowest peer")
    parser.add_argument("--ablation", action="store_true", help="what each family of evidence is worth")
    parser.add_argument("--size", type=_numbers(int), help="numbers of lines, each in processes of its own")
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    return parser.parse_args()


def _numbers(kind: Callable[[str], float]) -> Callable[[str], list[float]]:
    return lambda text: [kind(one) for one in text.split(",")]


if __name__ == "__main__":
    raise SystemExit(main())
