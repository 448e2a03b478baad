"""Which market is judged? Makes one on disk with the twin, ingests it, and resolves it as often as one wants.

Everything goes through functions that anybody can call: `hogar twin generate`, `ingest`, `households.resolve`. The
truth stays in the market's own folder and is read by the judge alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hogar import build, households
from hogar.app import now_of, read_settings, work_of
from hogar.cli.twin_files import make_market, params_from
from hogar.households.constants import FAMILIES, WITHOUT_DEFAULT
from hogar.stores import warehouse

HARD = ("address", "names", "shipping", "account")
"""Families of contract, payment and address; others are soft: what people do with their lines."""
DERIVED = ("fellows",)
"""What the other families say about third persons: neither hard nor soft, and on with either."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which market: with `located` the same share allows location data as allows traffic data."""

    regime: str
    seed: int
    persons: int
    consent: float
    located: bool = False


@dataclass(frozen=True)
class Market:
    """A market on disk, ingested: canonical tables in `ingested`, the truth in `truth`; `threads` for DuckDB."""

    asked: Asked
    folder: Path
    ingested: Path
    now: date
    threads: int

    @property
    def truth(self) -> Path:
        """The folder of the truth."""
        return self.folder / "truth"

    @cached_property
    def membership(self) -> pa.Table:
        """Which party is truly which person, in which home."""
        return pq.read_table(self.truth / "membership.parquet")

    def canonical(self) -> duckdb.DuckDBPyConnection:
        """The canonical tables, what no consent lets through left out."""
        con = warehouse.connect(threads=self.threads)
        warehouse.canonical(con, self.ingested, gated=True)
        return con

    def resolved(
        self, name: str, *, without: Iterable[str] | None = None, offnet: bool = False
    ) -> tuple[Path, households.ResolveReport]:
        """A resolution in a folder of this name; `without` names families switched off, by default the product's."""
        out = self.folder / "resolved" / name
        options = households.Options(
            without=WITHOUT_DEFAULT if without is None else tuple(without), offnet=offnet
        )
        with self.canonical() as con:
            if offnet:
                warehouse.offnet_ties(con, self.ingested)
            return out, households.resolve(con=con, now=self.now, out=out, options=options)


def soft_families() -> tuple[str, ...]:
    """The families of what people do with their lines."""
    return tuple(family for family in FAMILIES if family not in (*HARD, *DERIVED))


@contextmanager
def market(asked: Asked) -> Iterator[Market]:
    """Make and ingest it in a temporary folder, which goes at the end."""
    with TemporaryDirectory(prefix="households-") as folder:
        yield make(asked, Path(folder) / "market")


def make(asked: Asked, folder: Path, *, threads: int = 1) -> Market:
    """Make and ingest it in this folder."""
    params = params_from(None, asked.regime).with_consent(asked.consent)
    if asked.located:
        params = replace(params, consent=replace(params.consent, location=asked.consent))
    build.new_project(folder, template="acme", now=f"{params.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    make_market(folder, asked.persons, asked.seed, params, lambda _: None, records=False)
    return ingested(asked, folder, threads=threads)


def ingested(asked: Asked, folder: Path, *, threads: int = 1) -> Market:
    """The market in this folder, ingested now unless it was before."""
    settings = read_settings(folder)
    work = work_of(settings, now=now_of(settings))
    build.ingest(work)
    return Market(asked, folder, work.current("ingest"), work.now.date(), threads)
