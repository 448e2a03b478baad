"""What is in these extracts? Each file's columns: how they are written, how full, how distinct, what they look like.

Looks at the beginning of each file that `sample` gives, through the stager that `ingest` uses; returns counts and
names of patterns.
Where a column has few values (`MOVIL`, `S`) they are handed on as `words`; nothing writes one that our own vocabulary
does not know, so that no value of a person gets into a draft or report. After: `match`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from sqlglot import exp

from hogar.build.drafting.patterns import DATES, MOMENTS, PATTERNS, Test
from hogar.build.drafting.sample import sampled
from hogar.build.drafting.spelling import one_line
from hogar.sources import SiloSettings
from hogar.sources.csv_file import FileFault
from hogar.sources.records import clean
from hogar.sources.silos import Silo, files_below, staged_name
from hogar.sources.staging import Progress, stage
from hogar.stores.warehouse import connect, read_sql

TOGETHER = 100
"""Columns that are held in memory at a time."""
LOOKED_AT = 1_000
"""Known values of a column that are held against the patterns."""
WORDS_MAX, LETTERS_MAX = 20, 8
CODES = ("code", "integer", "postcode", "msisdn", "imsi")
"""Patterns that ids may have: five digits are a postcode, or somebody's customer number."""
SHARE_MIN = 0.95
_START = Path(__file__).parents[2] / "sources" / "sql" / "start.sql"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an extract. `pattern` names what its values look like, `format` how a date or moment is written.

    `words` are its values where there are few; `letters` are those that codes begin with.
    """

    name: str
    rows: int
    known: int
    distinct: int
    pattern: str
    format: str = ""
    words: tuple[str, ...] = ()
    letters: frozenset[str] = frozenset()

    @property
    def is_code(self) -> bool:
        """Whether its values could be ids: codes, and numbers of any look."""
        return self.pattern in CODES

    @property
    def unique(self) -> bool:
        """Whether it could be a key: hardly ever empty, hardly ever the same twice; extracts hold doublets."""
        return self.rows > 0 and self.known >= 0.99 * self.rows and self.distinct >= 0.97 * self.known


@dataclass(frozen=True, kw_only=True)
class Extract:
    """One file as it lies there: the name it is staged by, how it is read, its columns; `fault` where it cannot be."""

    file: str
    silo: str
    settings: SiloSettings
    rows: int
    columns: tuple[Column, ...]
    fault: str = ""
    whole: bool = True

    def column(self, name: str) -> Column:
        """A column by its name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """`silo.column` holds only values (a `share` of them) that the key `other_silo.other_column` has."""

    silo: str
    column: str
    other_silo: str
    other_column: str
    share: float


def profile(
    folder: Path, aside: Path, progress: Progress = lambda _: None
) -> tuple[tuple[Extract, ...], tuple[Reference, ...]]:
    """The extracts below a folder, and which of their columns point at which keys.

    `aside` takes copies while it works; what cannot be read is an extract with a `fault`.
    """
    with connect(spill=aside / "spill") as con:
        con.execute(read_sql(_START)).fetchall()
        extracts = []
        for file, silo in _named(sorted(files_below(folder))):
            progress(f"looking at {one_line(file)}")
            extracts.append(_extract(con, folder, file, silo, aside))
        progress("looking for what points at what")
        return tuple(extracts), tuple(_references(con, extracts))


def _named(files: Sequence[str]) -> list[tuple[str, str]]:
    """Each file with a staged name of its own: where two would share one, the later gets a number."""
    bases = [(file, staged_name(file) or "silo") for file in files]
    firsts = {base: file for file, base in reversed(bases)}
    taken = set(firsts)
    named = []
    for file, base in bases:
        silo, number = base, 2
        while silo in taken and firsts.get(silo) != file:
            silo, number = f"{base}_{number}", number + 1
        taken.add(silo)
        named.append((file, silo))
    return named


def _extract(con: duckdb.DuckDBPyConnection, folder: Path, file: str, silo: str, aside: Path) -> Extract:
    try:
        if clean(file) != file:
            raise FileFault("the file's name is not UTF-8, so that no project can name it", "rename it")
        sample = sampled(con, folder / file, aside)
        plain = SiloSettings(files=(sample.name,), header=sample.header)
        silos = [Silo(name=silo, settings=plain, files=(sample.name,))]
        staged = stage(con, aside, silos, {silo}, aside, lambda _: None)
        (aside / sample.name).unlink()
        if staged.problems:
            raise FileFault(staged.problems[0].what, staged.problems[0].cure)
        if silo not in staged.columns:
            raise FileFault("there is nothing in it", "deliver it again")
        columns = _columns(con, silo, staged.columns[silo])
    except (FileFault, duckdb.Error) as error:
        # What DuckDB says of a file may quote it.
        fault = (
            error if isinstance(error, FileFault) else FileFault("it cannot be staged", "deliver it again")
        )
        return Extract(
            file=one_line(file), silo=silo, settings=SiloSettings(files=(file,)), rows=0, columns=(),
            fault=f"{fault.what}; {fault.cure}",
        )  # fmt: skip
    settings = SiloSettings(files=(file,), encoding=sample.encoding, header=sample.header)
    return Extract(
        file=file, silo=silo, settings=settings, columns=columns, whole=sample.whole,
        rows=columns[0].rows if columns else 0,
    )  # fmt: skip


def _columns(con: duckdb.DuckDBPyConnection, silo: str, names: Sequence[str]) -> tuple[Column, ...]:
    """Every column, looked at in memory, so many at a time."""
    found: list[Column] = []
    source = exp.Table(this=exp.to_identifier(silo, quoted=True))
    for at in range(0, len(names), TOGETHER):
        some = [exp.column(name, quoted=True) for name in names[at : at + TOGETHER]]
        frame = con.sql(exp.select(*some).from_(source).sql("duckdb")).pl()
        found += [
            _column(name, frame.to_series(place)) for place, name in enumerate(names[at : at + TOGETHER])
        ]
    return tuple(found)


def _column(name: str, held: pl.Series) -> Column:
    known = held.drop_nulls()
    distinct = known.n_unique()
    values = known.head(LOOKED_AT).to_list()
    pattern, format = _pattern(values)
    words = tuple(known.unique().sort().to_list()) if 0 < distinct <= WORDS_MAX else ()
    letters = frozenset(value[0] for value in values if pattern in ("code", "text") and value[0].isalnum())
    return Column(
        name=name, rows=len(held), known=len(known), distinct=distinct, pattern=pattern, format=format, words=words,
        letters=letters if len(letters) <= LETTERS_MAX else frozenset(),
    )  # fmt: skip


def _pattern(values: list[str]) -> tuple[str, str]:
    """The first pattern that nearly all values have, and the format of dates and moments."""
    if not values:
        return "", ""
    for kind, formats in (("moment", MOMENTS), ("date", DATES)):
        for format, matches in formats:
            if _mostly(values, matches):
                return kind, format
    return next((name for name, matches in PATTERNS if _mostly(values, matches)), "text"), ""


def _mostly(values: list[str], matches: Test) -> bool:
    """Whether nearly all values pass a test; asks no further once too many have failed."""
    left = int((1 - SHARE_MIN) * len(values))
    for value in values:
        left -= not matches(value)
        if left < 0:
            return False
    return True


def _references(con: duckdb.DuckDBPyConnection, extracts: list[Extract]) -> Iterator[Reference]:
    """Columns of codes that hold only what a key of another file has, or nearly."""
    keys = [(one, c) for one in extracts for c in one.columns if c.unique and c.is_code]
    for extract in extracts:
        for column in extract.columns:
            if not column.is_code or column.distinct < 2:
                continue
            for other, key in keys:
                if other.silo == extract.silo or key.pattern != column.pattern or key.rows < 5:
                    continue
                if not column.letters or column.letters & key.letters:
                    share = _contained(con, extract.silo, column.name, other.silo, key.name)
                    if share >= 0.02:
                        yield Reference(
                            silo=extract.silo, column=column.name, other_silo=other.silo, other_column=key.name,
                            share=round(share, 4),
                        )  # fmt: skip


def _contained(con: duckdb.DuckDBPyConnection, table: str, column: str, other: str, key: str) -> float:
    own = (
        exp.select(exp.alias_(exp.column(column, quoted=True), "v"))
        .distinct()
        .from_(exp.to_table(table, quoted=True))
    )
    own = own.where(exp.column(column, quoted=True).is_(exp.null()).not_()).limit(LOOKED_AT)
    held = exp.select(exp.column(key, quoted=True)).from_(exp.to_table(other, quoted=True))
    query = exp.select(exp.Avg(this=exp.cast(exp.column("v").isin(query=held), "INTEGER"))).from_(
        own.subquery("own")
    )
    return float(con.execute(query.sql("duckdb")).fetchall()[0][0] or 0.0)
