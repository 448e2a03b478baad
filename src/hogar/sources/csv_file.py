"""What does a CSV file hold? Its columns from the header, its records as text, the quick way or the careful
way.

DuckDB reads a clean file; where it finds the least fault, `records` reads the file again line by line, so
that a bad line is quarantined and the others stay. Both give the same records for a clean file (a property
test holds them equal). Before: `plain`, which unpacks and recodes. After: `staging`.
"""

from __future__ import annotations

import codecs
import csv
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import duckdb

from hogar.sources.records import LINE_CHARS_MAX, Record, csv_records
from hogar.sources.silos import SiloSettings
from hogar.stores.warehouse import plain_path

DELIMITERS = (",", ";", "\t", "|")


class FileFault(Exception):
    """A file as a whole cannot be read: what is wrong, and the cure; `empty`: there is nothing in it."""

    def __init__(self, what: str, cure: str, *, empty: bool = False) -> None:
        super().__init__(what)
        self.what, self.cure, self.empty = what, cure, empty


def csv_columns(path: Path, settings: SiloSettings) -> tuple[tuple[str, ...], str]:
    """The columns of a plain UTF-8 CSV file, and its delimiter. Raises `FileFault`.

    A header field without a name is called `columnN`; names are compared without regard to case, as SQL does.
    """
    with _text(path) as file:
        line = next((line for line in _first_lines(file) if line.strip()), "")
        delimiter = settings.delimiter or sniff(line)
        file.seek(0)
        fields = _first_record(file, delimiter)
    if not fields:
        raise empty_file()
    if not settings.header:
        return tuple(f"column{number}" for number in range(1, len(fields) + 1)), delimiter
    names = tuple(field.strip() or f"column{number}" for number, field in enumerate(fields, start=1))
    if any("\udc80" <= letter <= "\udcff" for name in names for letter in name):
        raise FileFault("its header is not UTF-8", 'name the encoding in hogar.toml: encoding = "latin-1"')
    if any("\0" in name for name in names):
        raise FileFault("its header holds a NUL byte", "deliver it again as plain text")
    check_columns(names)
    return names, delimiter


def empty_file() -> FileFault:
    """There is nothing in a file, not even the names of columns."""
    return FileFault("the file is empty", "deliver it again, with its header at least", empty=True)


def check_columns(names: tuple[str, ...]) -> None:
    """Raise `FileFault` where two columns have one name, or one has a name that staging itself uses."""
    seen: set[str] = set()
    for name in names:
        if name.lower() in ("_file", "_row"):
            raise FileFault(f"it has a column `{name}`, which staging adds itself", "rename the column")
        if name.lower() in seen:
            raise FileFault(f"it has two columns `{name}`", "rename one of them")
        seen.add(name.lower())


def sniff(line: str) -> str:
    """The delimiter of a header line: the one found most often outside quotes; a comma where there is none.

    >>> sniff('id;"name, first";city')
    ';'
    """
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def quick_csv(
    con: duckdb.DuckDBPyConnection, path: Path, columns: tuple[str, ...], delimiter: str, header: bool
) -> duckdb.DuckDBPyRelation | None:
    """The file's records, every column text, by DuckDB; None where the careful way must look at it.

    A file of one column always goes the careful way: DuckDB takes its blank lines for records.
    """
    if len(columns) == 1 or not _looks_plain(path):
        return None
    return con.read_csv(
        plain_path(path),
        columns=dict.fromkeys(columns, "VARCHAR"),
        header=header,
        delimiter=delimiter,
        quotechar='"',
        escapechar='"',
        auto_detect=False,
        strict_mode=True,
        max_line_size=LINE_CHARS_MAX - 1_000,
    )


def careful_csv(path: Path, columns: tuple[str, ...], delimiter: str, header: bool) -> Iterator[Record]:
    """The file's records, good and bad, one at a time."""
    with _text(path) as file:
        if header:
            _first_record(file, delimiter)
        yield from csv_records(file, delimiter, len(columns))


def _first_record(file: TextIO, delimiter: str) -> list[str]:
    """The first record that is not blank; reads no further than that."""
    reader = csv.reader(_first_lines(file), delimiter=delimiter, skipinitialspace=True)
    try:
        return next((fields for fields in reader if fields), [])
    except csv.Error as error:
        raise FileFault("its first line is not CSV", "deliver it again, with a header line") from error


def _first_lines(file: TextIO) -> Iterator[str]:
    for _ in range(1_000):
        line = file.readline(LINE_CHARS_MAX)
        if not line:
            return
        yield line


def _looks_plain(path: Path) -> bool:
    """Nothing in it that DuckDB and the careful reader take differently: NUL, quote and space, a blank start."""
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        start = content[:4].removeprefix(codecs.BOM_UTF8)
        return not start.startswith((b"\n", b"\r")) and content.find(b"\0") < 0 and content.find(b'" ') < 0


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        yield file
