"""How fast is a market made, and how big? From parameters to files, as `hogar twin generate` writes them.

`python -m benchmarks.twin --json`. Each size runs in a process of its own, whose memory is its peak. What was
written is read back before it counts: every file, sums of records against daily use, the truth about every party.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from benchmarks._frame import print_result

from hogar.cli.twin_files import Written, default_params, make_market
from hogar.twin.contracts.tariffs import OFFERS
from hogar.twin.live import Live, contacts
from hogar.twin.reactions.contacts import ACCEPTED, OUTCOMES
from hogar.twin.world import World

SIZES = (10_000, 100_000)
RECORDS_A_PERSON_MIN = 90  # 100,000 persons must bring 10 million and more; small markets vary
CONTACTS_EACH = 2  # of a known adult in the simulated month


def main() -> None:
    """Make each market in a process of its own; print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="persons (default 10000,100000)")
    parser.add_argument("--workers", type=int, default=2, help="threads that draw days (default 2)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--folder", type=Path, help="where the markets are written (default: the temporary folder)"
    )
    parser.add_argument("--no-live", action="store_true", help="leave out the simulated month of contacts")
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(
            json.dumps(
                _one(arguments.one, arguments.seed, arguments.workers, arguments.folder, arguments.no_live)
            )
        )
        return
    sizes = sorted(int(size) for size in arguments.sizes.split(","))
    found = {size: _apart(size, arguments) for size in sizes}
    figures: dict[str, float | int | None] = {}
    for size, one in found.items():
        name = _name(size)
        figures[f"persons_{name}_s"] = one["seconds"]
        figures[f"persons_{name}_gib_peak"] = one["gib_peak"]
        figures[f"persons_{name}_rows_xdr"] = int(one["records"])
        figures[f"persons_{name}_gib_on_disk"] = one["gib_on_disk"]
        if "live_month_s" in one:
            figures[f"live_month_{name}_s"] = one["live_month_s"]
            figures[f"live_month_{name}_contacts"] = int(one["contacts"])
    for small, big in ((10_000, 100_000), (100_000, 1_000_000)):
        if small in found and big in found:
            ratio = (found[big]["seconds"] / big) / (found[small]["seconds"] / small)
            figures[f"linear_{_name(small)}_to_{_name(big)}_ratio"] = ratio
    last = found[sizes[-1]]
    figures |= {"rows_xdr": int(last["records"]), "gib_peak": last["gib_peak"]}
    print_result(
        "twin", figures=figures, peers={}, folder=arguments.folder,
        size={
            "persons": sizes, "workers": arguments.workers, "seed": arguments.seed,
            "params": default_params().version, "rows": int(last["rows"]), "files": int(last["files"]),
            "events": int(last["events"]),
        },
    )  # fmt: skip


def _apart(size: int, arguments: argparse.Namespace) -> dict[str, float]:
    """One size in a fresh process; what it says."""
    command = [
        sys.executable, "-m", "benchmarks.twin", "--one", str(size), "--seed", str(arguments.seed),
        "--workers", str(arguments.workers),
    ]  # fmt: skip
    if arguments.folder:
        command += ["--folder", str(arguments.folder)]
    if arguments.no_live:
        command.append("--no-live")
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    if not arguments.json:
        print(
            f"{size:,} persons: {found['seconds']:.1f} s, {found['gib_peak']:.2f} GiB, {found['records']:,} records"
        )
    return found


def _one(persons: int, seed: int, workers: int, folder: Path | None, no_live: bool) -> dict[str, float]:
    """Make, measure, check."""
    params = default_params()
    with tempfile.TemporaryDirectory(dir=folder) as name:
        project = Path(name) / "market"
        start = perf_counter()
        written = make_market(project, persons, seed, params, _silent, workers=workers)
        seconds = perf_counter() - start
        peak = _peak()
        _check(written, project, persons)
        on_disk = sum(path.stat().st_size for path in project.rglob("*") if path.is_file())
    figures = {
        "seconds": seconds, "gib_peak": peak, "records": written.records, "rows": written.rows, "files": written.files,
        "events": len(written.market.events), "gib_on_disk": on_disk / 2**30,
    }  # fmt: skip
    if not no_live:
        figures["live_month_s"], figures["contacts"] = _live_month(written.market.world, seed)
    return figures


def _check(written: Written, project: Path, persons: int) -> None:
    """Files are all there and whole; records and daily use have the same sums; the truth knows every party."""
    market, data = written.market, project / "data"
    for path, table in market.silos.items():
        if path.endswith(".parquet"):
            assert pq.read_metadata(data / path).num_rows == table.num_rows, path
            continue
        metadata = table.schema.metadata
        options = pa.csv.ReadOptions(encoding=metadata[b"encoding"].decode())
        parse = pa.csv.ParseOptions(delimiter=metadata[b"delimiter"].decode(), newlines_in_values=True)
        read = pa.csv.read_csv(data / path, read_options=options, parse_options=parse)
        assert (read.num_rows, read.column_names) == (table.num_rows, table.column_names), path
    days = sorted((data / "usage" / "xdr").glob("*.parquet"))
    assert len(days) >= 28
    assert sum(pq.read_metadata(day).num_rows for day in days) == written.records
    assert written.records >= RECORDS_A_PERSON_MIN * persons, "too few records"
    _check_sums(days, data)
    truth = {path.stem: pq.read_table(path) for path in (project / "truth").glob("*.parquet")}
    assert {name: table.num_rows for name, table in truth.items()} == {
        name: table.num_rows for name, table in market.truth.items()
    }
    users = pc.count_distinct(truth["lines"]["person_id"]).as_py()
    assert 0.98 * persons <= users <= 1.02 * persons + 50, f"{users} users"
    customers = market.silos["crm/customers.csv"].column(0).unique()
    companies = truth["companies"]["company_party_id"]
    known = pa.concat_arrays([*truth["membership"]["party_id"].chunks, *companies.chunks])
    prefixed = pc.binary_join_element_wise("crm:", customers, "")
    assert pc.all(pc.is_in(prefixed, known)).as_py(), "a customer of whom the truth knows nothing"
    lines = (project / "events" / "month.jsonl").read_bytes().count(b"\n")
    assert lines == len(market.events)


def _check_sums(days: list[Path], data: Path) -> None:
    """Bytes of single records and of the daily sums are the same, but for records written twice."""
    kb = sum(pc.sum(pq.read_table(day, columns=["kb"])["kb"]).as_py() or 0 for day in days)
    daily = pq.read_table(data / "usage" / "daily.parquet")
    first, last = (pa.scalar(date.fromisoformat(day.stem), pa.date32()) for day in (days[0], days[-1]))
    inside = pc.and_(pc.greater_equal(daily["dia"], first), pc.less_equal(daily["dia"], last))
    kept = daily.filter(inside)
    mb = sum(pc.sum(pc.cast(kept[name], pa.float64())).as_py() or 0.0 for name in ("mb", "mb_roaming"))
    assert abs(kb / 1000 - mb) <= 0.01 * mb, f"{kb / 1000:.0f} MB in records, {mb:.0f} MB in daily sums"


def _live_month(world: World, seed: int) -> tuple[float, int]:
    """Seconds for a month in which every known adult hears of two offers, and how many contacts that were."""
    people, rng = world.population, np.random.default_rng(seed)
    known = np.flatnonzero((world.parties.best() != "") & (people.age >= 18))
    asked = rng.permutation(np.repeat(known, CONTACTS_EACH))
    market = Live.open(world, seed)
    again = market.copy()
    some = contacts(
        asked, rng.integers(0, len(OFFERS), len(asked)), channel=rng.integers(4, 9, len(asked)),
        at=np.sort(market.now + rng.integers(0, 28 * 86_400, len(asked)).astype("timedelta64[s]")),
    )  # fmt: skip
    start = perf_counter()
    answers = market.answer(some)
    market.month()
    seconds = perf_counter() - start
    outcomes = np.bincount(answers.outcome, minlength=len(OUTCOMES))
    assert outcomes.sum() == len(asked)
    assert 0 < outcomes[ACCEPTED] < 0.5 * len(asked), "hardly believable"
    assert (again.answer(some).outcome == answers.outcome).all(), "the same luck gives the same answers"
    return seconds, len(asked)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _silent(said: str) -> None:
    """A benchmark says nothing before its last line."""


def _name(size: int) -> str:
    return f"{size // 1_000_000}m" if size >= 1_000_000 else f"{size // 1000}k"


if __name__ == "__main__":
    main()
