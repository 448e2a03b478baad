"""Files in, canonical tables out: stage, check, map, judge, write; a second run gives the same.

Reads the data folder and the project's `sources/*.sql`; writes one Parquet file a canonical table, the
quarantine, and the counts, into a folder that the caller makes current. While one problem stands, nothing is
written. Neighbours: `silos`, `mapping`, `staging`, `fit`, `rules`, in this order.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from pathlib import Path

import duckdb
from sqlglot import exp

from hogar.errors import Problem
from hogar.sources.fit import unfit
from hogar.sources.mapping import Source, load_sources, reads
from hogar.sources.report import FileCount, IngestReport, Quarantined, save_report
from hogar.sources.rules import checked, empty
from hogar.sources.silos import Silo, SiloSettings, find_silos
from hogar.sources.staging import Progress, stage
from hogar.stores.warehouse import connect, read_sql
from hogar.telco.tables import TABLES

_SQL = Path(__file__).parent / "sql"


def ingest(
    *,
    project: Path,
    data: Path,
    silos: Mapping[str, SiloSettings],
    now: datetime,
    out: Path,
    progress: Progress,
) -> IngestReport:
    """Turn the files below `data` into canonical tables in the folder `out`; says what came of each file.

    `out` gets `<table>.parquet` for every table of `telco.tables` (ordered by its key, then `_file` and
    `_row`; without a source: no row), `quarantine.parquet`, `counts.json` and `report.json`. Moments are UTC
    without a zone. `now` (aware) bounds what may not lie in the future. `progress` is told each file and
    source. With problems in the report nothing was written. Raises `SourcesError` where there is no data
    folder.
    """
    sources, problems = load_sources(project)
    found, silo_problems = find_silos(data, silos)
    problems.extend(silo_problems)
    mapped = {name for source in sources for name, _ in reads(source)}
    with tempfile.TemporaryDirectory(prefix=".work-", dir=out) as work, connect(spill=Path(work)) as con:
        con.execute(read_sql(_SQL / "start.sql")).fetchall()
        staged = stage(con, data, found, mapped, Path(work), progress)
        problems.extend(staged.problems)
        problems.extend(unfit(con, sources, found, staged))
        if not problems:
            tables, problems = _map_all(con, sources, now, out, progress)
        if problems:
            for written in out.glob("*.parquet"):
                written.unlink()
            return IngestReport(problems=tuple(sorted(set(problems))))
        con.sql(read_sql(_SQL / "quarantine.sql")).write_parquet(str(out / "quarantine.parquet"))
        report = IngestReport(
            files=_counts(con, found, mapped), tables=tables, quarantine_reasons=_reasons(con),
            quarantined=_quarantined(con),
        )  # fmt: skip
    save_report(report, out)
    return report


def _map_all(
    con: duckdb.DuckDBPyConnection, sources: Sequence[Source], now: datetime, out: Path, progress: Progress
) -> tuple[dict[str, int], list[Problem]]:
    """Run each source, judge its rows, write the good ones; gives rows by table, and what could not run."""
    tables: dict[str, int] = {}
    problems: list[Problem] = []
    by_table = {source.table.name: source for source in sources}
    for table in TABLES:
        path = out / f"{table.name}.parquet"
        source = by_table.get(table.name)
        if source is None:
            con.sql(empty(table).sql("duckdb")).write_parquet(str(path))
            tables[table.name] = 0
            continue
        progress(source.file)
        try:
            con.sql(source.text).create("hogar.raw")
        except (duckdb.DataError, duckdb.ProgrammingError, duckdb.NotSupportedError) as error:
            problems.append(_stopped(source, error))
            continue
        tables[table.name] = _judge(con, source, now, path)
        con.execute("drop table hogar.raw").fetchall()
    return tables, problems


def _judge(con: duckdb.DuckDBPyConnection, source: Source, now: datetime, path: Path) -> int:
    raw = con.table("hogar.raw")
    given = {name.lower(): str(kind) for name, kind in zip(raw.columns, raw.types, strict=True)}
    judged = checked(source.table, given, "hogar.raw", now)
    create = exp.Create(this=exp.to_table("hogar.judged"), kind="TABLE", expression=judged)
    con.execute(create.sql("duckdb")).fetchall()
    con.execute(read_sql(_SQL / "quarantine_rows.sql"), {"table": source.table.name}).fetchall()
    con.execute(read_sql(_SQL / "used_rows.sql")).fetchall()
    names = [*(column.name for column in source.table.columns), "_file", "_row"]
    columns = [exp.column(name, quoted=True) for name in names]
    order = [exp.column(name, quoted=True) for name in (*source.table.key, "_file", "_row")]
    good = exp.select(*columns).from_("hogar.judged").where("_reason is null")
    con.sql(good.order_by(*order).sql("duckdb")).write_parquet(str(path))
    rows = int(con.execute("select count(*) from hogar.judged where _reason is null").fetchall()[0][0])
    con.execute("drop table hogar.judged").fetchall()
    return rows


def _stopped(source: Source, error: duckdb.Error) -> Problem:
    """A SELECT that stopped on some row; DuckDB's own message would show the value, so it is not passed on."""
    kind = type(error).__name__.removesuffix("Exception")
    return Problem(
        place=source.place(next(iter(source.tree.find_all(exp.Cast)), None)),
        what=f"the SELECT stopped at some row ({kind})",
        cure="write try_cast for cast, so that a row that does not fit goes to quarantine",
    )


def _counts(con: duckdb.DuckDBPyConnection, silos: Sequence[Silo], mapped: Set[str]) -> tuple[FileCount, ...]:
    silo_of = {file: silo.name for silo in silos for file in silo.files}
    return tuple(
        FileCount(
            file=file,
            read=read,
            accepted=accepted,
            quarantined=quarantined,
            left_out=left_out,
            mapped=silo_of[file] in mapped,
        )
        for file, read, accepted, quarantined, left_out in con.execute(
            read_sql(_SQL / "counts.sql")
        ).fetchall()
    )


def _reasons(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(con.execute(read_sql(_SQL / "reasons.sql")).fetchall())


def _quarantined(con: duckdb.DuckDBPyConnection) -> tuple[Quarantined, ...]:
    rows = con.execute(read_sql(_SQL / "quarantined.sql")).fetchall()
    return tuple(Quarantined(table=t, file=file, reason=reason, rows=n) for t, file, reason, n in rows)
