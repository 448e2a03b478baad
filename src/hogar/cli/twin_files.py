"""How does a market get onto disk? Writes silos, truth and events below a project folder, whole or not at all.

Reads nothing but parameter files; `twin` makes the tables. All is written into a folder aside, the bulk as it comes,
and put in place when all is there: see `twin_aside`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from hogar.cli.twin_aside import aside_of, put_in_place
from hogar.cli.twin_record import FILE, record_of
from hogar.errors import UsageError
from hogar.telco.events import Event
from hogar.twin import Market, Params, generate, read_params

EVENTS_PART = 50_000
WORKERS_MAX = 16
DICTIONARY_MAX = 65_536
Progress = Callable[[str], None]
Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A market, and what lies on disk of it: rows and files of all silos; `records` of them are single calls."""

    market: Market
    rows: int
    files: int
    records: int


def make_market(
    project: Path,
    persons: int,
    seed: int,
    params: Params,
    progress: Progress,
    *,
    records: bool = True,
    workers: int = 1,
) -> Written:
    """Makes a market and puts it below `project`, replacing an earlier one; days are drawn by `workers` threads.

    `progress` is told what is done, in words without a line end. Raises `UsageError` where files would be lost that
    no market wrote, `HogarError` where the disk refuses.
    """
    with aside_of(project) as aside, ThreadPoolExecutor(workers) as pool:
        bulk = _Bulk(aside / "data")

        def each(work: Callable[[Given], Made], given: Iterable[Given]) -> Iterable[Made]:
            return map(work, given) if workers == 1 else _in_order(pool, workers, work, given)

        market = generate(
            persons, seed, params, records=bulk.take if records else None, each=each, progress=progress
        )
        _write(market, aside, progress)
        put_in_place(aside, project)
    return Written(
        market=market,
        rows=bulk.rows + sum(table.num_rows for table in market.silos.values()),
        files=bulk.files + len(market.silos),
        records=bulk.rows,
    )


def write_market(market: Market, project: Path, progress: Progress) -> None:
    """Writes `data/`, `truth/`, `events/month.jsonl` of a market in memory below `project`, replacing earlier ones."""
    with aside_of(project) as aside:
        _write(market, aside, progress)
        put_in_place(aside, project)


def default_params() -> Params:
    """The parameters that ship with the package."""
    return read_params(default_params_text(), "default.toml")


def default_params_text() -> str:
    """The shipped parameter file, to be copied and changed."""
    return _shipped("default.toml")


def params_from(path: Path | None, regime: str | None = None) -> Params:
    """The parameters of a file (of the shipped one), with those of a regime in place of its own.

    Raises `UsageError` without such a file, `ProblemsFound` where it cannot be.
    """
    if path is None:
        text, name = default_params_text(), "default.toml"
    else:
        try:
            text, name = path.read_text(encoding="utf-8"), str(path)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{path}: the parameter file cannot be read ({error}); see docs/twin.md"
            ) from None
    if regime is None:
        return read_params(text, name)
    if regime != "spain":
        return read_params(text, name, overlay=(_shipped(f"{regime}.toml"), f"{regime}.toml"))
    params = read_params(text, name)
    if params.regime != regime:
        raise UsageError(
            f"{name} describes the regime {params.regime}; `spain` is the shipped file without --params"
        )
    return params


def write_table(table: pa.Table, path: Path) -> None:
    """One table as its path's ending says: CSV (encoding and delimiter from the schema's metadata) or Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(
            table.replace_schema_metadata(None), path, compression="zstd", use_dictionary=_few(table)
        )
        return
    metadata = table.schema.metadata or {}
    delimiter = metadata.get(b"delimiter", b",").decode()
    encoding = metadata.get(b"encoding", b"utf-8").decode()
    options = pyarrow.csv.WriteOptions(delimiter=delimiter, quoting_style="needed")
    if encoding == "utf-8":
        pyarrow.csv.write_csv(table, path, options)
        return
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(table, sink, options)
    path.write_bytes(sink.getvalue().to_pybytes().decode("utf-8").encode(encoding))


def _few(table: pa.Table) -> list[str]:
    """Columns of few different values, to be written as dictionaries: one of a million ids is slow and big."""
    return [
        name
        for name, column in zip(table.column_names, table.columns, strict=True)
        if not pa.types.is_dictionary(column.type)
        or all(len(chunk.dictionary) <= DICTIONARY_MAX for chunk in column.chunks)
    ]


@dataclass
class _Bulk:
    """Writes the records of each day as they come."""

    folder: Path
    rows: int = field(default=0, init=False)
    files: int = field(default=0, init=False)

    def take(self, path: str, table: pa.Table) -> None:
        write_table(table, self.folder / path)
        self.rows += table.num_rows
        self.files += 1


def _in_order(
    pool: ThreadPoolExecutor, ahead: int, work: Callable[[Given], Made], given: Iterable[Given]
) -> Iterator[Made]:
    """Like `map`, several at once; no more than `ahead` are begun before the first of them is taken."""
    left = iter(given)
    begun: deque[Future[Made]] = deque(pool.submit(work, one) for one in islice(left, ahead))
    try:
        while begun:
            made = begun.popleft().result()
            begun.extend(pool.submit(work, one) for one in islice(left, 1))
            yield made
    finally:
        for future in begun:
            future.cancel()


def _write(market: Market, aside: Path, progress: Progress) -> None:
    for path, table in market.silos.items():
        progress(f"data/{path}: {table.num_rows:,} rows")
        write_table(table, aside / "data" / path)
    for name, table in market.truth.items():
        write_table(table, aside / "truth" / f"{name}.parquet")
    (aside / FILE).write_bytes(record_of(market))
    progress(f"truth/: {', '.join(market.truth)}")
    write_events(market.events, aside / "events" / "month.jsonl")
    progress(f"events/month.jsonl: {len(market.events):,} events")


def write_events(events: list[Event], path: Path) -> None:
    """One CloudEvent a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    encoder = msgspec.json.Encoder()
    with path.open("wb") as file:
        for start in range(0, len(events), EVENTS_PART):
            file.write(encoder.encode_lines(events[start : start + EVENTS_PART]))


def _shipped(name: str) -> str:
    return (resources.files("hogar.twin") / "params" / name).read_text(encoding="utf-8")
