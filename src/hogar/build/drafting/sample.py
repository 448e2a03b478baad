"""How does an extract begin? Its first rows as plain UTF-8, how it is read, and what is wrong where it cannot be.

Reads a bounded beginning of a file; writes a copy that `profile` stages. Judges whether the first line holds names:
where that is in doubt it holds values, so that no person's end up as names of columns. Before: `profile`.
"""

from __future__ import annotations

import codecs
import csv
import errno
import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec
from sqlglot import exp

from hogar.build.drafting.patterns import DATES, MOMENTS, PATTERNS, Test
from hogar.build.drafting.words import column_likeness
from hogar.sources.csv_file import FileFault, sniff
from hogar.stores.warehouse import parquet, plain_path
from hogar.telco.tables import TABLES

SAMPLE_ROWS = 100_000
SAMPLE_BYTES = 32_000_000
COLUMNS_MAX = 1_000
_HEADED, _KNOWN, _SHARE = 500, 0.75, 0.95
_ENDINGS = (".parquet", ".jsonl", ".csv")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The beginning of a file: the copy's name, how the file is read, and whether that is all of it."""

    name: str
    encoding: str = "utf-8"
    header: bool = True
    whole: bool = True


def sampled(con: duckdb.DuckDBPyConnection, path: Path, aside: Path) -> Sample:
    """Write the beginning of a file into the folder `aside`. Raises `FileFault` where it cannot be read."""
    try:
        return _sampled(con, path, aside)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileFault("the archive is damaged", "deliver it again") from error
    except duckdb.Error as error:
        raise FileFault("it is no Parquet file", "deliver it again") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise FileFault(f"it cannot be read: {error.strerror}", "check its rights") from error


def _sampled(con: duckdb.DuckDBPyConnection, path: Path, aside: Path) -> Sample:
    ending = next(end for end in _ENDINGS if end in path.name.lower()[-len(end) - 3 :])
    target = aside / f"sample{ending}"
    if ending == ".parquet":
        _narrow(len(con.read_parquet(plain_path(path)).columns))
        rows = exp.select("*").from_(parquet(path)).limit(SAMPLE_ROWS)
        con.sql(rows.sql("duckdb")).write_parquet(str(target))
        read = con.read_parquet(plain_path(target)).count("*").fetchall()[0][0]
        return Sample(name=target.name, whole=read < SAMPLE_ROWS)
    with gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb") as file:
        begun = file.read(SAMPLE_BYTES)
        whole = not file.read(1)
    encoding = _encoding(begun)
    lines = begun.decode(encoding, "replace").splitlines(keepends=True)[: SAMPLE_ROWS + 1]
    if not whole and len(lines) <= SAMPLE_ROWS:
        lines = lines[:-1]  # cut in the middle
    target.write_bytes("".join(lines).encode())
    if ending == ".jsonl":
        _narrow(_names_count(lines))
        header = True
    else:
        records = _records(lines)
        _narrow(max((len(record) for record in records[:1]), default=0))
        header = names_first(records)
    return Sample(
        name=target.name, encoding=encoding, header=header, whole=whole and len(lines) <= SAMPLE_ROWS
    )


def _narrow(columns: int) -> None:
    """Raise `FileFault` for a file that is too wide to be looked at column by column."""
    if columns > COLUMNS_MAX:
        raise FileFault(
            f"it has {columns:,} columns, and a draft looks at {COLUMNS_MAX:,} at most",
            "deliver those that are meant",
        )


def _names_count(lines: Sequence[str]) -> int:
    """How many names the objects of JSON lines have between them; stops where they are too many."""
    names: set[str] = set()
    for line in lines:
        try:
            names.update(msgspec.json.decode(line, type=dict[str, msgspec.Raw]))
        except (msgspec.DecodeError, UnicodeError):
            continue
        if len(names) > COLUMNS_MAX:
            break
    return len(names)


def _encoding(begun: bytes) -> str:
    """UTF-8 where it is that, else what Western European systems write."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begun)
    except UnicodeDecodeError:
        return "cp1252" if any(0x80 <= byte < 0xA0 for byte in begun[:1_000_000]) else "latin-1"
    return "utf-8"


def _records(lines: Sequence[str]) -> list[list[str]]:
    """The first records of a CSV file, as far as they can be read."""
    first = next((line for line in lines if line.strip()), "")
    reader = csv.reader(
        (line.lstrip("\ufeff") for line in lines), delimiter=sniff(first), skipinitialspace=True
    )
    records: list[list[str]] = []
    try:
        for record in reader:
            if record:
                records.append([cell.strip() for cell in record])
            if len(records) > _HEADED:
                break
    except csv.Error:
        pass  # `stage` says what is wrong with it
    return records


def names_first(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first record names the columns. A name is never a number, an address, or a value found again below.

    At least half of the cells must speak for it: they are called like something that we know, are words joined by `_`,
    or look other than all that stands below them.
    """
    if not records:
        return True
    first, rest = records[0], [record for record in records[1:] if record != records[0]]
    below = [[record[at] for record in rest if at < len(record) and record[at]] for at in range(len(first))]
    cells = [(cell, values) for cell, values in zip(first, below, strict=True) if cell]
    if not cells or any(_is_value(cell, values) for cell, values in cells):
        return not cells
    speak = sum(_is_name(cell, values) for cell, values in cells)
    return 2 * speak >= len(cells)


def _is_value(cell: str, below: Sequence[str]) -> bool:
    tests = [matches for name, matches in PATTERNS if name != "code"]
    tests += [matches for _, matches in (*DATES, *MOMENTS)]
    if any(matches(cell) for matches in tests) or cell in below:
        return True
    code = any(letter.isdigit() for letter in cell) and _shape(cell)
    return bool(code) and bool(below) and all(_shape(value) == code for value in below)


def _is_name(cell: str, below: Sequence[str]) -> bool:
    parts = cell.split("_")
    if len(parts) > 1 and all(part.isalnum() for part in parts):
        return True
    if any(column_likeness(cell, column) >= _KNOWN for column in _OURS):
        return True
    if not any(letter.isalpha() for letter in cell):
        return False
    for matches in _TELLING:
        if _mostly(below, matches):
            return not matches(cell)
    return False


def _digits(value: str) -> bool:
    return any(letter.isdigit() for letter in value)


def _mostly(values: Sequence[str], matches: Test) -> bool:
    return bool(values) and sum(map(matches, values)) >= _SHARE * len(values)


def _shape(value: str) -> str:
    """Letters as `a`, digits as `9`: `C0042` is `a9999`."""
    return "".join("9" if one.isdigit() else "a" if one.isalpha() else one for one in value)


_OURS = tuple(f"{table.name}.{column.name}" for table in TABLES for column in table.columns)
_TELLING: tuple[Test, ...] = (*(matches for name, matches in PATTERNS if name != "code"), _digits)
