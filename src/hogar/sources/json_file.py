"""What does a file of JSON lines hold? One object a line, its names as columns, its values as text.

Takes a plain UTF-8 file; gives columns and records. Before: `plain`, which unpacks and recodes. After: `staging`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hogar.sources.csv_file import check_columns
from hogar.sources.records import Record, json_records


def json_columns(path: Path) -> tuple[str, ...]:
    """Every name that an object of the file has, in the order in which they appear. Raises `FileFault`."""
    names: dict[str, None] = {}
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        for values, _ in json_records(file):
            names.update(dict.fromkeys(values or ()))
    check_columns(tuple(names))
    return tuple(names)


def json_lines(path: Path, columns: tuple[str, ...]) -> Iterator[Record]:
    """The file's records in these columns, good and bad, one at a time; a name that a line lacks is None."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        for values, record in json_records(file):
            if values is None:
                yield record
            else:
                lower = {name.lower(): value for name, value in values.items()}
                yield Record([lower.get(name.lower()) for name in columns])
