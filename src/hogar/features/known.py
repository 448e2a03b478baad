"""How much is known, and how old is it? Shares, ranges and ages as they were when the features were computed.

Aggregates only: no value of a single person gets in. `compute` writes them beside the features; the catalogue's cards
and the readiness of use cases read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import msgspec
import polars as pl
from sqlglot import exp

from hogar.telco.catalogue import Feature
from hogar.telco.tables import TABLES, Table

FILE = "known.json"
RANGE_FROM = 100
"""Of fewer known values no range is told."""
BEYOND_MIN = 5
"""At least so many values lie beyond each end of a range that is told."""

# Which column says how new a table's newest row is. Registers (persons, lines, offers) do not say it of themselves.
NEWEST: Mapping[str, str] = {
    "bill": "month", "top_up": "at", "usage_day": "day", "tie_month": "month", "place_month": "month",
    "place_night": "day", "device_use": "last_seen", "ticket": "opened_at", "web_event": "at", "contact": "at",
    "order": "ordered_at", "network_quality": "month", "event": "at",
}  # fmt: skip
_COUNTED_BY: tuple[tuple[str, str], ...] = (("line_id", "line"), ("party_id", "person"))


class FeatureKnown(msgspec.Struct, frozen=True, kw_only=True):
    """One feature: of how many subjects its value is known before any default, and its range where it is a number.

    `low`, `middle`, `high` are the values below which 1, 50 and 99 in 100 lie, to two digits; where that would be one
    of the five least or greatest, the next.
    """

    of: int
    known: int
    distinct: int
    low: float | None = None
    middle: float | None = None
    high: float | None = None

    @property
    def share(self) -> float:
        """The share of subjects of whom it is known."""
        return self.known / self.of if self.of else 0.0


class TableKnown(msgspec.Struct, frozen=True, kw_only=True):
    """One canonical table behind the consent gate: rows, the end of its newest row's time, filled values by column.

    `subjects` are the living lines or parties that have a row, of `of`.
    """

    rows: int
    newest: datetime | None = None
    columns: dict[str, int] = {}
    subjects: int = 0
    of: int = 0


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What was known at one build, of features by full name and of canonical tables by name."""

    as_of: str
    features: dict[str, FeatureKnown] = {}
    tables: dict[str, TableKnown] = {}


def of_features(table: pl.DataFrame, features: Iterable[Feature]) -> dict[str, FeatureKnown]:
    """What is known of an entity's features; the table has a column for each, defaults not filled in yet."""
    return {feature.full_name: _of_column(table[feature.name], feature) for feature in features}


def of_tables(con: duckdb.DuckDBPyConnection, same: Mapping[str, TableKnown]) -> dict[str, TableKnown]:
    """What the canonical tables on a connection hold, as far as the consent gate lets through.

    `same` are those that are known already, for nothing changed in them.
    """
    counts = {"line": _count(con, "line", "ended_on IS NULL"), "person": _count(con, "person", None)}
    known = same if {"line", "person"} <= same.keys() else {}  # they say of how many
    return {table.name: known.get(table.name) or _of_table(con, table, counts) for table in TABLES}


def save_known(folder: Path, known: Known) -> None:
    """Write it into the step's folder."""
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=2) + b"\n")


def load_known(folder: Path) -> Known | None:
    """What was known when the step's folder was made; None where an older version made it."""
    path = folder / FILE
    return msgspec.json.decode(path.read_bytes(), type=Known) if path.is_file() else None


def _of_column(values: pl.Series, feature: Feature) -> FeatureKnown:
    known = values.drop_nulls()
    found = FeatureKnown(of=len(values), known=len(known), distinct=known.n_unique())
    if feature.type != "number" or len(known) < RANGE_FROM:
        return found
    ordered, last = known.cast(pl.Float64).sort(), len(known) - 1
    end = max(round(0.01 * last), BEYOND_MIN)
    low, middle, high = (float(f"{ordered[at]:.2g}") for at in (end, round(last / 2), last - end))
    return msgspec.structs.replace(found, low=low, middle=middle, high=high)


def _of_table(con: duckdb.DuckDBPyConnection, table: Table, counts: Mapping[str, int]) -> TableKnown:
    columns = [column.name for column in table.columns]
    asked: list[exp.Expr] = [exp.Count(this=exp.Star())]
    asked += [exp.Count(this=exp.column(name, quoted=True)) for name in columns]
    newest = NEWEST.get(table.name)
    asked.append(exp.Max(this=exp.column(newest, quoted=True)) if newest in columns else exp.null())
    by = next(((name, of) for name, of in _COUNTED_BY if name in columns), None)
    subjects = (
        exp.Count(this=exp.Distinct(expressions=[exp.column(by[0], quoted=True)])) if by else exp.null()
    )
    query = exp.select(*asked, subjects).from_(exp.to_table(table.name, quoted=True))
    rows, *filled, latest, distinct = con.execute(query.sql("duckdb", identify=True)).fetchall()[0]
    of = counts[by[1]] if by else 0
    return TableKnown(
        rows=rows, newest=_end(latest, newest), columns=dict(zip(columns, filled, strict=True)),
        subjects=min(distinct or 0, of), of=of,
    )  # fmt: skip


def _end(latest: date | datetime | None, column: str | None) -> datetime | None:
    """The moment at which a month, a day or a moment was over."""
    if latest is None or isinstance(latest, datetime):
        return latest
    if column == "month":
        latest = (latest.replace(day=1) + timedelta(days=32)).replace(day=1)
        return datetime(latest.year, latest.month, latest.day)  # noqa: DTZ001 (canonical moments carry no zone)
    return datetime(latest.year, latest.month, latest.day) + timedelta(days=1)  # noqa: DTZ001


def _count(con: duckdb.DuckDBPyConnection, table: str, where: str | None) -> int:
    query = exp.select("count(*)").from_(exp.to_table(table, quoted=True))
    query = query.where(where, dialect="duckdb") if where else query
    return int(con.execute(query.sql("duckdb", identify=True)).fetchall()[0][0])
