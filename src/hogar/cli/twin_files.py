"""How does a market get onto disk? Writes silos, truth and events below a project folder, whole or not at all.

Reads nothing but the shipped parameter file; `twin` makes the tables. Each of the three folders is written
aside and renamed when all is there, the data last: a half-written market never looks like one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from hogar.errors import UsageError
from hogar.twin import Market, Params, read_params

FOLDERS = ("truth", "events", "data")


def write_market(market: Market, project: Path, progress: Callable[[str], None]) -> None:
    """Writes `data/`, `truth/`, `events/month.jsonl` below `project`, replacing those of an earlier market.

    `progress` is told what is written, in words without a line end.
    """
    project.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".market-", dir=project))
    try:
        for path, table in market.silos.items():
            progress(f"data/{path}: {table.num_rows:,} rows")
            write_table(table, aside / "data" / path)
        for name, table in market.truth.items():
            write_table(table, aside / "truth" / f"{name}.parquet")
        progress(f"truth/: {', '.join(market.truth)}")
        (aside / "events").mkdir()
        lines = [msgspec.json.encode(event) + b"\n" for event in market.events]
        (aside / "events" / "month.jsonl").write_bytes(b"".join(lines))
        progress(f"events/month.jsonl: {len(lines):,} events")
        for folder in FOLDERS:
            _replace(aside / folder, project / folder, aside / f"old-{folder}")
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def default_params() -> Params:
    """The parameters that ship with the package."""
    return read_params(default_params_text(), "default.toml")


def default_params_text() -> str:
    """The shipped parameter file, to be copied and changed."""
    return (resources.files("hogar.twin") / "params" / "default.toml").read_text(encoding="utf-8")


def params_from(path: Path) -> Params:
    """The parameters of a file. Raises `UsageError` without one, `ProblemsFound` where it cannot be."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the parameter file cannot be read ({error})") from None
    return read_params(text, str(path))


def write_table(table: pa.Table, path: Path) -> None:
    """One table as its path's ending says: CSV (encoding and delimiter from the schema's metadata) or Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(table.replace_schema_metadata(None), path, compression="zstd")
        return
    metadata = table.schema.metadata or {}
    delimiter = metadata.get(b"delimiter", b",").decode()
    encoding = metadata.get(b"encoding", b"utf-8").decode()
    sink = pa.BufferOutputStream()
    options = pyarrow.csv.WriteOptions(delimiter=delimiter, quoting_style="needed")
    pyarrow.csv.write_csv(table, sink, options)
    written = sink.getvalue().to_pybytes()
    path.write_bytes(written if encoding == "utf-8" else written.decode("utf-8").encode(encoding))


def _replace(new: Path, place: Path, old: Path) -> None:
    """Puts a folder where another may be: the old one steps aside first."""
    if place.exists():
        os.replace(place, old)
    os.replace(new, place)
