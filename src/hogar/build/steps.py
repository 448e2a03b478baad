"""Which steps lead from silos to what can be published? Ingest, resolve, features, train, publish.

Each: ask for the folders before it, name what it would make, make it unless it is there, keep its report beside
it. All of it lies in the state below `.hogar`; a killed step leaves the version before.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow.parquet as pq

from hogar import features as feature_room
from hogar import households, sources
from hogar.build.definitions import keep_definitions, own_definitions
from hogar.build.publish import publish
from hogar.build.training import train_models
from hogar.build.work import StepResult, Work
from hogar.errors import Place, Problem, ProblemsFound, UsageError
from hogar.stores import warehouse
from hogar.telco.tables import TABLES

RESOLVED = ("party_person", "membership", "household", "line_user", "role", "adviser", "depends", "offnet")
CANONICAL = tuple(table.name for table in TABLES)
REPORT = "report.json"
_NOBODY = Problem(
    place=Place(file="sources/person.sql"), what="no row of the silos became a person: there is nobody to decide for",
    cure="map at least one silo to `person`; `hogar check` and docs/sources.md help",
)  # fmt: skip


def run(work: Work, done: Callable[[StepResult], None] | None = None) -> list[StepResult]:
    """Every step in order; what has been done already for the same files and settings is not done again.

    `done` is told each result as it comes. One build at a time: raises `LockedError`, before it begins, where
    another process is building.
    """
    results = []
    with work.state.locked():
        for name, step in STEPS:
            work.progress(name)
            results.append(step(work))
            if done is not None:
                done(results[-1])
    return results


def ingest(work: Work) -> StepResult:
    """Silos to canonical tables. Raises `ProblemsFound` with everything that is wrong in mappings and files."""
    fingerprint = work.fingerprint(
        sources.fingerprint(project=work.project, data=work.state.data, silos=work.silos), work.now.date()
    )

    def make(out: Path) -> Any:
        report = sources.ingest(
            project=work.project,
            data=work.state.data,
            silos=work.silos,
            now=work.now,
            out=out,
            progress=work.progress,
        )
        if report.problems:
            raise ProblemsFound(report.problems)
        if not report.tables["person"]:
            raise ProblemsFound([_NOBODY])
        return report

    return _step(work, "ingest", fingerprint, make, ())


def resolve(work: Work, frozen: bool = False, anew: bool = False) -> StepResult:
    """Canonical tables to persons, households and roles; `frozen` takes the models of the resolution before.

    What is new rests on the version before, whose ids and history go on: with the same inputs that one stands.
    `anew` forgets it: ids, events and history begin again. So they do where its files are lost, and the report says so.
    """
    ingested = work.current("ingest")
    judged = tuple(sorted(work.judgements))
    inputs = work.fingerprint(
        ingested.name,
        work.households,
        [path.read_bytes() if path.is_file() else b"" for path in judged],
        work.now.date(),
    )
    before = None if anew else work.state.current("resolve")
    known = work.state.current_fingerprint("resolve")
    lost = before is None and known is not None and not anew
    fingerprint = known if before is not None else None
    if before is None or fingerprint is None or _report(before).get("inputs") != inputs:
        fingerprint = work.fingerprint(
            inputs, frozen, before.name if before else known if lost or anew else None
        )

    def make(out: Path) -> Any:
        with _canonical(ingested) as con:
            if work.households.offnet:
                warehouse.offnet_ties(con, ingested)
            report = households.resolve(
                con=con,
                now=work.now.date(),
                out=out,
                options=work.households,
                judgements=judged,
                earlier=households.read_earlier(before) if before is not None else None,
                models=households.read_models(work.current("resolve")) if frozen else None,
                keep=frozen,
                progress=_words(work),
            )
        return {**asdict(report), "inputs": inputs, "history_lost": lost}

    return _step(work, "resolve", fingerprint, make, (ingested,))


def features(work: Work) -> StepResult:
    """Canonical tables and households to features as of today, and what each offer would mean to each of them."""
    ingested, resolved = work.current("ingest"), work.current("resolve")
    fingerprint = work.fingerprint(
        ingested.name, resolved.name, sorted(work.texts("features").items()), work.now.date()
    )

    def make(out: Path) -> Any:
        with _resolved(ingested, resolved) as con:
            return feature_room.compute(
                con=con, project=work.project, as_of=work.now.date(), out=out, progress=work.progress,
                inputs={"": work.fingerprint(), **contents(ingested, CANONICAL), **contents(resolved, RESOLVED)},
                earlier=work.state.current("features"),
            )  # fmt: skip

    return _step(work, "features", fingerprint, make, (ingested, resolved))


def train(work: Work) -> StepResult:
    """Features and history to models and scores."""
    ingested, resolved, computed = work.current("ingest"), work.current("resolve"), work.current("features")
    fingerprint = work.fingerprint(computed.name, sorted(work.texts("models").items()))

    def make(out: Path) -> Any:
        with _resolved(ingested, resolved) as con:
            return train_models(
                con=con, project=work.project, features=computed, as_of=work.now.date(), out=out,
                progress=work.progress,
            )  # fmt: skip

    return _step(work, "train", fingerprint, make, (ingested, resolved, computed))


def write_membership(work: Work, out: Path) -> int:
    """Write record_id, household_id and probability for every source record as Parquet; the number of rows.

    Raises `UsageError` where `out` is no .parquet file in a folder that is there.
    """
    if out.suffix != ".parquet":
        raise UsageError(f"{out}: a membership file ends in .parquet")
    if not out.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.parent}")
    resolved = work.current("resolve")
    with warehouse.connect() as con:
        table = con.sql(
            """
            select p.party_id as record_id, m.household_id, m.probability
            from read_parquet($persons) p join read_parquet($homes) m using (person_id) order by record_id
            """,
            params={
                name: warehouse.plain_path(resolved / f"{table}.parquet")
                for name, table in (("persons", "party_person"), ("homes", "membership"))
            },
        ).to_arrow_table()
    aside = out.with_name(f".tmp-{out.name}-{os.getpid()}")
    try:
        pq.write_table(table, aside)
        os.replace(aside, out)
    finally:
        aside.unlink(missing_ok=True)
    return int(table.num_rows)


def write_questions(work: Work, count: int, out: Path) -> int:
    """Write the pairs that are most useful to judge as CSV, those not judged yet; the number of rows.

    Raises `UsageError` where `out` lies in no folder that is there, or is there already: nobody's answers are lost.
    """
    if not out.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.parent}")
    if out.exists():
        raise UsageError(f"{out} is there already and may hold answers; name another file by --questions")
    resolved = work.current("resolve")
    pairs = pq.read_table(resolved / "pair.parquet")
    questions = households.ask(
        pairs, count, membership=pq.read_table(resolved / "membership.parquet"),
        judged=pairs.filter(pairs["judged"].is_valid()).select(["person_a", "person_b"]),
    )  # fmt: skip
    households.write_questions(questions, out)
    return int(questions.num_rows)


def _step(
    work: Work, name: str, fingerprint: str, make: Callable[[Path], Any], before: Iterable[Path]
) -> StepResult:
    """Do one step, or find it done; its report, and what it was made of after `before`, stay beside what it made."""
    start = time.perf_counter()
    done = work.state.reuse(name, fingerprint)
    fresh = done is None
    if done is None:
        own = own_definitions(work, name)
        with work.state.write(name, fingerprint) as out:
            keep_definitions(out, own, before)
            report = msgspec.json.encode(_plain(make(out)))
            (out / REPORT).write_bytes(report)
        done = work.current(name)
    return StepResult(
        step=name, report=_report(done), seconds=time.perf_counter() - start,
        fresh=fresh,
    )  # fmt: skip


def _report(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = msgspec.json.decode((folder / REPORT).read_bytes())
    return report


def _plain(report: Any) -> Any:
    return asdict(report) if is_dataclass(report) and not isinstance(report, type) else report


def _words(work: Work) -> Callable[[str, int, float], None]:
    return lambda name, rows, _: work.progress(f"resolve: {name}, {rows:,} rows")


def contents(folder: Path, tables: Iterable[str]) -> dict[str, str]:
    """A name for the content of each of these tables, which a finished step wrote."""
    found = {}
    for name in tables:
        with (folder / f"{name}.parquet").open("rb") as file:
            found[name] = hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    return found


def _canonical(ingested: Path) -> duckdb.DuckDBPyConnection:
    con = warehouse.connect()
    warehouse.canonical(con, ingested, gated=True)
    return con


def _resolved(ingested: Path, resolved: Path) -> duckdb.DuckDBPyConnection:
    con = _canonical(ingested)
    for table in RESOLVED:
        con.read_parquet(str(warehouse.plain_path(resolved / f"{table}.parquet"))).create_view(table)
    warehouse.enclose(con, (ingested, resolved))
    return con


STEPS: tuple[tuple[str, Callable[[Work], StepResult]], ...] = (
    ("ingest", ingest),
    ("resolve", resolve),
    ("features", features),
    ("train", train),
    ("publish", publish),
)
