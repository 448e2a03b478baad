"""How credible is the simulated market? Every target with its source, what the market shows, and pictures.

    python -m benchmarks.credibility [--persons 10000] [--seed 2] [--data FOLDER] [--write docs] [--json]

`--write docs` renews the table of `docs/twin.md` and the pictures in `docs/twin/`. Exit 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from benchmarks._frame import print_result
from benchmarks.credibility_targets import TARGETS, Made, Target, make

from hogar.cli.twin_files import default_params

MARKS = ("<!-- targets: made by python -m benchmarks.credibility --write docs -->", "<!-- end of targets -->")


def main() -> int:
    """Make a market, read every target off it, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--persons", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="public data sets, where at hand"
    )
    parser.add_argument(
        "--write", type=Path, metavar="DOCS", help="renew the table and pictures of this docs folder"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    made = make(asked.persons, asked.seed, default_params())
    values = {target.name: target.of(made) for target in TARGETS}
    missed = [target for target in TARGETS if not target.low <= values[target.name] <= target.high]
    if not asked.json:
        print(table(values))
    if asked.write:
        _write(asked.write, asked.data, made, values)
    for target in missed:
        print(
            f"missed: {target.what} is {shown(target, values[target.name])}, wanted {target.wanted}",
            file=sys.stderr,
        )
    size = {"persons": asked.persons, "seed": asked.seed, "records": len(made.records)}
    print_result("credibility", figures=values | {"targets_missed": len(missed)}, peers={}, size=size)
    return 1 if missed else 0


def table(values: dict[str, float]) -> str:
    """Markdown: target, source, band, achieved."""
    rows = ["| what | wanted | source | band | achieved |", "|---|---|---|---|---|"]
    rows += [
        f"| {t.what} | {t.wanted} | {t.source} | {shown(t, t.low)} to {shown(t, t.high)} | {shown(t, values[t.name])} |"
        for t in TARGETS
    ]
    return "\n".join(rows)


def shown(target: Target, value: float) -> str:
    """A share as per cent, else the number."""
    return f"{value * 100:.1f} %" if target.percent else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _write(docs: Path, data: Path, made: Made, values: dict[str, float]) -> None:
    from benchmarks.credibility_plots import draw

    page = docs / "twin.md"
    text = page.read_text(encoding="utf-8")
    between = re.compile(re.escape(MARKS[0]) + ".*?" + re.escape(MARKS[1]), re.DOTALL)
    page.write_text(between.sub(f"{MARKS[0]}\n\n{table(values)}\n\n{MARKS[1]}", text), encoding="utf-8")
    for file in draw(made, data, docs / "twin"):
        print(f"wrote {file}", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
