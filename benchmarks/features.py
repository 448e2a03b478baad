"""What does it cost to know a million lines as 150 numbers? From aggregated tables to the step's files, and again.

`python -m benchmarks.features --json`. The market is drawn by DuckDB; ours is the step `features` (the views of the
past, reports and reuse included), the peer one hand-written query an entity. Both are compared column by column on a
small market first, and some columns with Polars. Then one topic is changed and the step runs again. Each part runs in
a process of its own, whose memory is its peak.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import polars as pl
from benchmarks._frame import print_result
from benchmarks.features_by_hand import by_hand
from benchmarks.features_market import AS_OF, make, opened
from benchmarks.features_topics import FEATURES, write_project

from hogar.build.steps import CANONICAL, RESOLVED, contents
from hogar.features import compute

LINES = 1_000_000
SAMPLE = 20_000
CHANGED = ("line_gmonths", "/ 100", "/ 200")  # a topic, and what is changed in it


def main() -> int:
    """Check the answer on a small market, then measure on the big one; print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, help="where the market is written (default: the temporary folder)"
    )
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        said = PARTS[arguments.part](arguments.folder, arguments.lines, arguments.seed)
        print(json.dumps(said | {"gib_peak": _gib_peak()}))
        return 0
    with TemporaryDirectory(prefix="features-", dir=arguments.folder) as name:
        folder = Path(name)
        for part in ("make", "ours", "hand"):
            _apart(part, folder / "sample", SAMPLE, arguments.seed)
        compared = check(folder / "sample")
        if not arguments.json:
            print(f"{SAMPLE:,} lines: {compared} columns are the same in both, and right", flush=True)
        said = {}
        for part in PARTS:
            said[part] = _apart(part, folder / "market", arguments.lines, arguments.seed)
            if not arguments.json:
                print(f"{part}: {said[part]}", flush=True)
        ours, hand, again = said["ours"], said["hand"], said["again"]
        assert again["reused"] < again["topics"], "the changed topic was computed"
        figures = {
            "features_1m_s": ours["seconds"] if arguments.lines == LINES else None,
            "features_s": ours["seconds"], "gib_peak": ours["gib_peak"],
            "ratio_to_handwritten": ours["seconds"] / hand["seconds"],
            "incremental_share": again["seconds"] / ours["seconds"], "incremental_s": again["seconds"],
            "topics_reused": again["reused"], "topics": again["topics"],
        }  # fmt: skip
        print_result(
            "features", figures=figures,
            peers={"handwritten_s": hand["seconds"], "handwritten_gib_peak": hand["gib_peak"]},
            size={"lines": arguments.lines, "features": FEATURES, "seed": arguments.seed, "rows": said["make"]["rows"]},
            folder=folder,
        )  # fmt: skip
    return 0


def check(folder: Path) -> int:
    """Ours and the hand-written answer column by column, and some columns reckoned by Polars; how many columns."""
    compared = 0
    for entity in ("line", "person", "household"):
        ours, hand = (
            pl.read_parquet(folder / which / f"{entity}.parquet").sort("id") for which in ("ours", "hand")
        )
        assert ours["id"].equals(hand["id"]), f"other {entity} ids"
        for column in ours.columns[1:]:
            mine, theirs = ours[column], hand[column]
            if mine.dtype.is_numeric():
                assert _close(mine, theirs.cast(pl.Float64)), f"{entity}.{column} differs"
            else:
                assert mine.equals(theirs.cast(mine.dtype)), f"{entity}.{column} differs"
            compared += 1
    assert compared == FEATURES, compared
    _by_polars(folder)
    return compared


def _close(one: pl.Series, other: pl.Series) -> bool:
    """Sums of floats may differ in their last bits; unknown is unknown in both."""
    if not (one.is_null() == other.is_null()).all():
        return False
    pairs = zip(one.drop_nulls().to_list(), other.drop_nulls().to_list(), strict=True)
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in pairs)


def _by_polars(folder: Path) -> None:
    """From the tables, without SQL: use of consented lines in thirty days, and every line in one home."""
    line = pl.read_parquet(folder / "ours" / "line.parquet")
    hidden = pl.read_parquet(folder / "ours" / "unprofiled.parquet")["id"]
    home = pl.read_parquet(folder / "ours" / "line_home.parquet")
    consent = pl.read_parquet(folder / "ingest" / "consent.parquet")
    allowed = consent.filter((pl.col("purpose") == "traffic") & pl.col("granted"))["party_id"]
    holder = pl.read_parquet(folder / "ingest" / "line.parquet").select("line_id", "holder_party_id")
    use = pl.read_parquet(folder / "ingest" / "usage_day.parquet").join(holder, on="line_id")
    users = pl.read_parquet(folder / "resolve" / "line_user.parquet").select("line_id", "person_id")
    use = use.join(users, on="line_id").filter(
        pl.col("holder_party_id").is_in(allowed.implode()) & ~pl.col("person_id").is_in(hidden.implode())
        & (pl.col("day") > AS_OF - pl.duration(days=30))
    )  # fmt: skip
    wanted = use.group_by("line_id").agg(pl.col("data_mb").sum())
    found = line.select("id", "g_use_30_data_mb").drop_nulls().sort("id")
    living = wanted.filter(pl.col("line_id").is_in(line["id"].implode())).sort("line_id")
    assert found["id"].equals(living["line_id"].alias("id")), "other lines have use"
    assert _close(found["g_use_30_data_mb"], living["data_mb"]), "use differs"
    fees = home.join(line.select("id", "g_fee_1"), left_on="line_id", right_on="id").drop_nulls(
        "household_id"
    )
    sums = fees.group_by("household_id").len().sort("household_id")
    assert sums["len"].sum() == len(fees), "every line is in one home"


def _make(folder: Path, lines: int, seed: int) -> dict[str, float]:
    rows = make(folder, lines, seed)
    write_project(folder / "project")
    return {"rows": sum(rows.values())}


def _ours(folder: Path, *_: int) -> dict[str, float]:
    """The step, from nothing."""
    return _step(folder, "ours", None)


def _again(folder: Path, *_: int) -> dict[str, float]:
    """The step after one topic was changed."""
    stem, old, new = CHANGED
    path = folder / "project" / "features" / f"{stem}.sql"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return _step(folder, "again", folder / "ours")


def _step(folder: Path, out: str, earlier: Path | None) -> dict[str, float]:
    start = perf_counter()
    with opened(folder) as con:
        inputs = {
            "": "code",
            **contents(folder / "ingest", CANONICAL),
            **contents(folder / "resolve", RESOLVED),
        }
        report = compute(
            con=con, project=folder / "project", as_of=AS_OF, out=folder / out, inputs=inputs, earlier=earlier
        )
    return {"seconds": perf_counter() - start, "topics": report.topics, "reused": report.reused}


def _hand(folder: Path, *_: int) -> dict[str, float]:
    start = perf_counter()
    with opened(folder) as con:
        by_hand(con, folder / "project", folder / "hand")
    return {"seconds": perf_counter() - start}


PARTS = {"make": _make, "ours": _ours, "hand": _hand, "again": _again}


def _apart(part: str, folder: Path, lines: int, seed: int) -> dict[str, float]:
    """One part in a process of its own; what it says, with its peak of memory."""
    words = ["--part", part, "--folder", str(folder), "--lines", str(lines), "--seed", str(seed)]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.features", *words], stdout=subprocess.PIPE, text=True, check=True
    )
    said: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return said


def _gib_peak() -> float:
    """The most memory that this process held at once."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**20


if __name__ == "__main__":
    sys.exit(main())
