"""Who would hear something else? The households that change, a row each, as CSV or Parquet by the file's ending.

Takes rows in parts; writes aside and renames at the end. Nobody is contacted by it: it is a list to look at.
Before: `comparison`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hogar.errors import UsageError
from hogar.runtime.whatif.tally import Row

_LED = ("action", "subject", "recipient", "channel", "expected_eur")
COLUMNS = (
    "household",
    *(f"before_{what}" for what in _LED),
    *(f"after_{what}" for what in _LED),
)  # fmt: skip
Write = Callable[[Sequence[Row]], None]


@contextmanager
def changes_file(path: Path) -> Iterator[Write]:
    """Takes the rows of households that hear something else; in place when the block ends well.

    UsageError for an ending that is neither `.csv` nor `.parquet`, and for a folder that is not there.
    """
    checked(path)
    aside = path.with_name(f".tmp-{path.name}-{os.getpid()}")
    try:
        with (_csv if path.suffix == ".csv" else _parquet)(aside) as write:
            yield write
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def checked(path: Path) -> Path:
    """The path, if a file of changes can be written there. Raises UsageError."""
    if path.suffix not in (".csv", ".parquet"):
        raise UsageError(f"{path}: a file of changes ends in .csv or .parquet")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}")
    return path


@contextmanager
def _csv(path: Path) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        yield writer.writerows


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    schema = pa.schema([(name, pa.float64() if name.endswith("_eur") else pa.string()) for name in COLUMNS])

    def write(rows: Sequence[Row]) -> None:
        if rows:
            columns = [
                [float(value) if value else None for value in column] if name.endswith("_eur") else column
                for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)
            ]
            writer.write_table(pa.table(columns, schema=schema))

    with pq.ParquetWriter(path, schema) as writer:
        yield write
