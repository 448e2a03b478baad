"""How do files become staged tables? Every record as text, with `_file` and `_row`; what is no record is
rejected.

Takes silos; fills one table a silo in DuckDB, and `hogar.reject` with the file, row, reason and line of what
is no record. `_row` counts a file's records from 1: the header is not counted, bad records are. After:
`ingest`.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa
from sqlglot import exp

from hogar.errors import Place, Problem
from hogar.sources.csv_file import FileFault, careful_csv, check_columns, csv_columns, empty_file, quick_csv
from hogar.sources.json_file import json_columns, json_lines
from hogar.sources.plain import plain_file
from hogar.sources.records import Record, clean
from hogar.sources.silos import Silo, SiloSettings
from hogar.stores.warehouse import plain_path

BATCH_MAX = 20_000

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Staged:
    """What was staged: the columns of each whole silo, and the problems of the others' files."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def stage(
    con: duckdb.DuckDBPyConnection,
    data: Path,
    silos: Iterable[Silo],
    mapped: Set[str],
    aside: Path,
    progress: Progress,
) -> Staged:
    """Stage each silo as one table of texts; a column that only some of its files have is NULL in the others.

    Of a Parquet file that no source reads (not `mapped`) the records are only counted. A file with a header and
    no record has no row. One that holds nothing at all is a problem only where a source reads its silo and no
    other file says which columns there are. `aside` takes unpacked copies.
    """
    staged = Staged()
    for silo in silos:
        files: list[_File] = []
        problems: list[Problem] = []
        empty: list[tuple[str, FileFault]] = []
        for file in silo.files:
            try:
                files.append(_open(con, data, file, silo.settings, aside / f"{silo.name}-{len(files)}"))
            except FileFault as fault:
                if fault.empty:
                    empty.append((file, fault))
                else:
                    problems.append(_problem(file, fault))
        for file, nothing in empty:
            if silo.name in mapped and not files:
                problems.append(_problem(file, nothing))
            else:
                _note(con, file, 0)
        columns = tuple({name.lower(): name for file in reversed(files) for name in file.columns}.values())
        _create(con, silo.name, columns)
        for opened in files:
            progress(opened.file)
            unread = opened.format == "parquet" and silo.name not in mapped
            _note(
                con,
                opened.file,
                _only_counted(con, opened) if unread else _load(con, silo.name, columns, opened),
            )
        staged.problems.extend(problems)
        if not problems and files:
            staged.columns[silo.name] = columns
    return staged


@dataclass(frozen=True, kw_only=True)
class _File:
    """One file that can be read: its name for `_file`, where its plain copy lies, its columns, its format."""

    file: str
    path: Path
    format: str
    columns: tuple[str, ...]
    delimiter: str = ""
    header: bool = True


def _open(
    con: duckdb.DuckDBPyConnection, data: Path, file: str, settings: SiloSettings, aside: Path
) -> _File:
    path = data / file
    if clean(file) != file:
        raise FileFault("the file's name is not UTF-8", "rename it")
    try:
        if file.lower().endswith(".parquet"):
            columns = tuple(con.read_parquet(plain_path(path)).columns)
            check_columns(columns)
            return _File(file=file, path=path, format="parquet", columns=columns)
        plain = plain_file(path, settings.encoding, aside)
        if file.lower().endswith((".jsonl", ".jsonl.gz")):
            if plain.stat().st_size == 0:
                raise empty_file()
            return _File(file=file, path=plain, format="jsonl", columns=json_columns(plain))
        columns, delimiter = csv_columns(plain, settings)
        return _File(
            file=file, path=plain, format="csv", columns=columns, delimiter=delimiter, header=settings.header
        )
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise FileFault(f"it cannot be read: {error.strerror}", "check its rights") from error
    except duckdb.Error as error:
        raise FileFault("it is no Parquet file", "deliver it again") from error


def _only_counted(con: duckdb.DuckDBPyConnection, file: _File) -> int:
    """How many records a Parquet file holds, by what it says of itself."""
    return int(con.read_parquet(plain_path(file.path)).count("*").fetchall()[0][0])


def _load(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], file: _File) -> int:
    """Put the file's records into the staged table; gives how many were read, bad ones included."""
    if file.format == "parquet":
        return _load_relation(con, table, columns, file, con.read_parquet(plain_path(file.path)))
    if file.format == "jsonl":
        return _load_records(con, table, columns, file.file, json_lines(file.path, columns))
    quick = quick_csv(con, file.path, file.columns, file.delimiter, file.header)
    if quick is not None:
        try:
            return _load_relation(con, table, columns, file, quick)
        except duckdb.InvalidInputException:
            pass  # a fault somewhere: the careful reader finds the line
    records = careful_csv(file.path, file.columns, file.delimiter, file.header)
    return _load_records(con, table, columns, file.file, _moved(records, file.columns, columns))


def _moved(records: Iterator[Record], own: tuple[str, ...], wanted: tuple[str, ...]) -> Iterator[Record]:
    """The records with their values in the staged table's order; a column that the file lacks is None."""
    if own == wanted:
        return records
    places = {name.lower(): at for at, name in enumerate(own)}
    order = [places.get(name.lower()) for name in wanted]
    return (
        record._replace(values=[None if at is None else record.values[at] for at in order])
        if record.values is not None
        else record
        for record in records
    )


def _load_relation(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: tuple[str, ...],
    file: _File,
    relation: duckdb.DuckDBPyRelation,
) -> int:
    own = {name.lower() for name in file.columns}
    fields: list[exp.Expr] = [
        _tidy(name) if name.lower() in own else exp.cast(exp.null(), "text") for name in columns
    ]
    fields.append(exp.Literal.string(file.file))
    fields.append(exp.Window(this=exp.func("row_number", dialect="duckdb")))
    relation.project(", ".join(node.sql("duckdb") for node in fields)).insert_into(table)
    read = _count(con, table, file.file)
    if file.format == "parquet":
        _reject_nul(con, table, columns, file.file)
    return read


def _load_records(
    con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], file: str, records: Iterator[Record]
) -> int:
    read = 0
    while batch := list(islice(records, BATCH_MAX)):
        numbered = list(enumerate(batch, start=read + 1))
        rows = pa.array([row for row, record in numbered if record.values is not None], pa.int64())
        good = [record.values for record in batch if record.values is not None]
        bad = [(row, record) for row, record in numbered if record.values is None]
        texts = [pa.array(values, pa.string()) for values in zip(*good, strict=True)]
        texts = texts or [pa.array([], pa.string())] * len(columns)
        names = [f"c{at}" for at in range(len(columns))]
        block = pa.table([*texts, pa.array([file] * len(good), pa.string()), rows], [*names, "file", "row"])
        con.from_arrow(block).insert_into(table)
        if bad:
            _reject(con, [(file, row, record.reason, record.line) for row, record in bad])
        read += len(batch)
    return read


def _create(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...]) -> None:
    kinds = [(name, "text") for name in columns] + [("_file", "text"), ("_row", "bigint")]
    schema = exp.Schema(
        this=exp.to_table(table, quoted=True),
        expressions=[
            exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=exp.DataType.build(kind))
            for name, kind in kinds
        ],
    )
    con.execute(exp.Create(this=schema, kind="TABLE").sql("duckdb")).fetchall()


def _reject_nul(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], file: str) -> None:
    """Move a Parquet file's rows with a NUL byte in a text to the rejects."""
    holds = [
        exp.func("contains", exp.column(name, quoted=True), exp.func("chr", exp.Literal.number(0)))
        for name in columns
    ]
    if not holds:
        return
    found = exp.and_(exp.column("_file").eq(exp.Literal.string(file)), exp.or_(*holds))
    source = exp.to_table(table, quoted=True)
    rows = con.execute(exp.select("_row").from_(source).where(found).sql("duckdb")).fetchall()
    if rows:
        _reject(con, [(file, row, "NUL byte", "") for (row,) in rows])
        con.execute(exp.delete(source, where=found).sql("duckdb")).fetchall()


def _reject(con: duckdb.DuckDBPyConnection, rows: list[tuple[str, int, str, str]]) -> None:
    block = pa.table(
        [
            pa.array([file for file, *_ in rows], pa.string()),
            pa.array([row for _, row, *_ in rows], pa.int64()),
            pa.array([reason for *_, reason, _ in rows], pa.string()),
            pa.array([msgspec.json.encode({"line": line}).decode() for *_, line in rows], pa.string()),
        ],
        ["file", "row", "reason", "record"],
    )
    con.from_arrow(block).insert_into("hogar.reject")


def _note(con: duckdb.DuckDBPyConnection, file: str, read: int) -> None:
    con.execute("insert into hogar.read values (?, ?)", [file, read]).fetchall()


def _count(con: duckdb.DuckDBPyConnection, table: str, file: str) -> int:
    rows = (
        exp.select("count(*)")
        .from_(exp.to_table(table, quoted=True))
        .where(exp.column("_file").eq(exp.Literal.string(file)))
    )
    return int(con.execute(rows.sql("duckdb")).fetchall()[0][0])


def _tidy(name: str) -> exp.Expr:
    """The column as text without surrounding spaces, empty as NULL."""
    text = exp.func("trim", exp.cast(exp.column(name, quoted=True), "text"))
    return exp.func("nullif", text, exp.Literal.string(""), dialect="duckdb")


def _problem(file: str, fault: FileFault) -> Problem:
    return Problem(place=Place(file=clean(file)), what=fault.what, cure=fault.cure)
