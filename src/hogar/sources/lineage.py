"""Which silo columns is a canonical column made of? The lineage of `sources/*.sql`, to the files of the silos.

Reads the project's sources, and of the data folder the columns of its files where it is there. Runs nothing.
Neighbour: `features.lineage`, which leads from a feature to the canonical columns.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from hogar.sources.csv_file import FileFault, csv_columns
from hogar.sources.mapping import load_sources, reads
from hogar.sources.silos import Silo, SiloSettings, find_silos
from hogar.stores.lineage import NOTHING, table, trace
from hogar.stores.warehouse import connect, plain_path

HEADER_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """One canonical table as its source fills it: the silo columns behind each column, the silos that it reads.

    A column that the source states itself (`'person' as kind`) has none; one that it does not give is not there.
    """

    table: str
    file: str
    columns: Mapping[str, tuple[str, ...]]
    silos: tuple[str, ...]


def silo_lineage(project: Path, columns: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, Mapped]:
    """By canonical table what fills it, as far as the sources can be read; `columns` are the silos' own, where known.

    Silo columns are written `crm_customers.nif`: staged table and column.
    """
    found: dict[str, Mapped] = {}
    for source in load_sources(project)[0]:
        silos = tuple(dict.fromkeys(name for name, _ in reads(source)))
        known = {name: table(name, _with_place((columns or {}).get(name))) for name in silos}
        traced = trace(source.tree, known)
        found[source.table.name] = Mapped(
            table=source.table.name, file=source.file, silos=silos,
            columns={
                name: tuple(sorted(f"{silo}.{column}" for silo, column in traced.columns.get(name, NOTHING)))
                for name in (column.name for column in source.table.columns) if name in traced.columns
            },
        )  # fmt: skip
    return found


def silo_columns(data: Path, settings: Mapping[str, SiloSettings]) -> dict[str, tuple[str, ...]]:
    """The columns of each silo of the data folder, by its staged name; a silo that cannot be read is left out.

    Looks at headers only: of JSON lines, which have none, it says nothing.
    """
    if not data.is_dir():
        return {}
    found: dict[str, tuple[str, ...]] = {}
    with tempfile.TemporaryDirectory() as aside:
        for silo in find_silos(data, settings)[0]:
            columns = _columns(data, silo, Path(aside) / "plain")
            if columns:
                found[silo.name] = columns
    return found


def _columns(data: Path, silo: Silo, aside: Path) -> tuple[str, ...]:
    """Of several files the columns of all."""
    names: dict[str, None] = {}
    for file in silo.files:
        try:
            names |= dict.fromkeys(_of_file(data / file, silo.settings, aside))
        except (FileFault, OSError, EOFError, LookupError, duckdb.Error):
            continue
    return tuple(name.lower() for name in names)


def _of_file(path: Path, settings: SiloSettings, aside: Path) -> tuple[str, ...]:
    """The columns that one file says it has; its beginning alone is read."""
    ending = path.name.lower()
    if ending.endswith(".parquet"):
        with connect(threads=1) as con:
            return tuple(con.read_parquet(plain_path(path)).columns)
    if not ending.endswith((".csv", ".csv.gz")):
        return ()
    with gzip.open(path, "rb") if ending.endswith(".gz") else path.open("rb") as file:
        begun = file.read(HEADER_BYTES)
    aside.write_bytes(begun.decode(settings.encoding, "replace").encode())
    return csv_columns(aside, settings)[0]


def _with_place(columns: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The columns with the two that staging adds; None stays unknown."""
    return None if columns is None else (*columns, "_file", "_row")
