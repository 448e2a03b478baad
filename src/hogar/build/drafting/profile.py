"""What is in these extracts? Each file's columns: how they are written, how full, how distinct, what they look like.

Looks at a bounded beginning of each file, through the stager that `ingest` uses; returns counts and names of patterns.
Where a column has few values (`MOVIL`, `S`) they are handed on as `words`; nothing writes one that our own vocabulary
does not know, so that no value of a person gets into a draft or report. After: `match`.
"""

from __future__ import annotations

import codecs
import gzip
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from hogar.build.drafting.patterns import DATES, MOMENTS, PATTERNS, Test
from hogar.sources import SiloSettings
from hogar.sources.silos import Silo, find_silos
from hogar.sources.staging import stage
from hogar.stores.warehouse import connect, parquet, read_sql

SAMPLE_ROWS = 100_000
SAMPLE_BYTES = 32_000_000
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


def profile(folder: Path) -> tuple[tuple[Extract, ...], tuple[Reference, ...]]:
    """The extracts below a folder, and which of their columns point at which keys."""
    with tempfile.TemporaryDirectory(prefix="hogar-draft-") as name, connect() as con:
        aside = Path(name)
        con.execute(read_sql(_START)).fetchall()
        extracts = [_extract(con, folder, silo, aside) for silo in find_silos(folder, {})[0]]
        return tuple(extracts), tuple(_references(con, extracts))


def _extract(con: duckdb.DuckDBPyConnection, folder: Path, silo: Silo, aside: Path) -> Extract:
    file = silo.files[0]
    settings, whole = _sampled(con, folder / file, aside / file)
    plain = SiloSettings(files=(file,), delimiter=settings.delimiter, header=settings.header)
    staged = stage(
        con, aside, [Silo(name=silo.name, settings=plain, files=(file,))], {silo.name}, aside, lambda _: None
    )
    settings = SiloSettings(files=(file,), encoding=settings.encoding, header=settings.header)
    if staged.problems or silo.name not in staged.columns:
        fault = staged.problems[0].what if staged.problems else "there is nothing in it"
        return Extract(file=file, silo=silo.name, settings=settings, rows=0, columns=(), fault=fault)
    columns = tuple(_column(con, silo.name, name) for name in staged.columns[silo.name])
    return Extract(
        file=file, silo=silo.name, settings=settings, columns=columns, whole=whole,
        rows=columns[0].rows if columns else 0,
    )  # fmt: skip


def _sampled(con: duckdb.DuckDBPyConnection, path: Path, target: Path) -> tuple[SiloSettings, bool]:
    """Write the beginning of a file to `target` as UTF-8; how the file is read, and whether that is all of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.name.lower().endswith(".parquet"):
        rows = exp.select("*").from_(parquet(path)).limit(SAMPLE_ROWS)
        con.sql(rows.sql("duckdb")).write_parquet(str(target))
        return SiloSettings(files=()), con.read_parquet(str(target)).count("*").fetchall()[0][0] < SAMPLE_ROWS
    with gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb") as file:
        begun = file.read(SAMPLE_BYTES)
        whole = not file.read(1)
    encoding = _encoding(begun)
    lines = begun.decode(encoding, "replace").splitlines(keepends=True)[: SAMPLE_ROWS + 1]
    if not whole and len(lines) <= SAMPLE_ROWS:
        lines = lines[:-1]  # cut in the middle
    text = "".join(lines).encode()
    target.write_bytes(gzip.compress(text, 1) if path.name.lower().endswith(".gz") else text)
    first = lines[0].strip() if lines else ""
    header = path.name.lower().endswith((".jsonl", ".jsonl.gz")) or not _is_data(first)
    return SiloSettings(files=(), encoding=encoding, header=header), whole and len(lines) <= SAMPLE_ROWS


def _encoding(begun: bytes) -> str:
    """UTF-8 where it is that, else what Western European systems write."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begun)
    except UnicodeDecodeError:
        return "cp1252" if any(0x80 <= byte < 0xA0 for byte in begun[:1_000_000]) else "latin-1"
    return "utf-8"


def _is_data(line: str) -> bool:
    """Whether a first line holds values rather than names: a name is never a number."""
    cells = [
        cell.strip(' "') for cell in line.replace(";", ",").replace("|", ",").replace("\t", ",").split(",")
    ]
    values = [matches for name, matches in PATTERNS if name != "code"] + [
        matches for _, matches in (*DATES, *MOMENTS)
    ]
    return any(matches(cell) for cell in cells for matches in values)


def _column(con: duckdb.DuckDBPyConnection, table: str, name: str) -> Column:
    column, source = exp.column(name, quoted=True), exp.to_table(table, quoted=True)
    counts = exp.select(
        exp.Count(this=exp.Star()), exp.Count(this=column), exp.Count(this=exp.Distinct(expressions=[column]))
    ).from_(source)
    rows, known, distinct = con.execute(counts.sql("duckdb")).fetchall()[0]
    sample = (
        exp.select(exp.alias_(column, "v"))
        .from_(source)
        .where(column.is_(exp.null()).not_())
        .limit(LOOKED_AT)
    )
    values = [value for (value,) in con.execute(sample.sql("duckdb")).fetchall()]
    pattern, format = _pattern(values)
    words: tuple[str, ...] = ()
    if 0 < distinct <= WORDS_MAX:
        every = (
            exp.select(column).distinct().from_(source).where(column.is_(exp.null()).not_()).order_by(column)
        )
        words = tuple(value for (value,) in con.execute(every.sql("duckdb")).fetchall())
    letters = frozenset(value[0] for value in values if pattern in ("code", "text") and value[0].isalnum())
    return Column(
        name=name, rows=rows, known=known, distinct=distinct, pattern=pattern, format=format, words=words,
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
