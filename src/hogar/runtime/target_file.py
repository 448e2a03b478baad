"""Who gets what, for another system to deliver? The target file of a campaign: CSV or Parquet, by its ending.

Takes rows in chunks; writes aside and renames at the end, so a reader never sees half a file. No field holds a line
break, and in CSV none begins as a spreadsheet formula. Before: `campaigns.plan`.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from hogar.errors import UsageError

COLUMNS = ("person", "action", "recipient", "channel", "reason")
WITH_ROLE = (*COLUMNS, "role")  # the family role whose words are meant, where any action has words for roles
ANYBODY = "anybody"
"""The role where the plain words are meant: no field of a row is empty."""
_BREAKS = re.compile(r"[\s\x00-\x1f\x85\u2028\u2029]+")
_FORMULA = ("=", "+", "-", "@")

Row = tuple[str, str, str, str, str, str]


class TargetFile(Protocol):
    """Something that takes rows."""

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows (person, action, recipient, channel, reason, role)."""
        ...


@contextmanager
def target_file(path: Path | None, columns: Sequence[str] = COLUMNS) -> Iterator[TargetFile]:
    """A target file to write rows to; in place when the block ends well. Without a path the rows go nowhere.

    `columns` are the first five, or `WITH_ROLE`; what a row has beyond them is left out.
    UsageError for an ending that is neither `.csv` nor `.parquet`, and for a folder that is not there.
    """
    if path is None:
        yield _Nowhere()
        return
    if path.suffix not in (".csv", ".parquet"):
        raise UsageError(f"{path}: a target file ends in .csv or .parquet")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}")
    aside = path.with_name(f".tmp-{path.name}-{os.getpid()}")
    try:
        file: _Csv | _Parquet = _Csv(aside, columns) if path.suffix == ".csv" else _Parquet(aside, columns)
        try:
            yield file
        finally:
            file.close()
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def one_line(text: str) -> str:
    """A text without line breaks and control characters."""
    return _BREAKS.sub(" ", text).strip()


class _Nowhere:
    def write(self, rows: Sequence[Row]) -> None:
        """A plan without a file."""


class _Csv:
    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._width = len(columns)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(columns)

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows; a field that a spreadsheet would compute gets an apostrophe before it."""
        self._writer.writerows([_harmless(one_line(field)) for field in row[: self._width]] for row in rows)

    def close(self) -> None:
        self._file.close()


class _Parquet:
    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._schema = pa.schema([(name, pa.string()) for name in columns])
        self._writer = pq.ParquetWriter(path, self._schema)

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows as one row group."""
        if rows:
            fields = [[one_line(field) for field in column] for column in zip(*rows, strict=True)]
            self._writer.write_table(pa.table(fields[: len(self._schema)], schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _harmless(field: str) -> str:
    return f"'{field}" if field.startswith(_FORMULA) else field
