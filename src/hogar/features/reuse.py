"""What need not be computed again? Topics whose query, description and inputs are those of the step before.

Names each topic by all that its columns are made of; looks into the earlier folder of the step for columns of the same
name. Inputs are the files of the steps before, and the contents of what is made of them on the way: who there is, who
uses what, the other features that the query names. Before: `past`. After: `compute` takes what is the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import msgspec
import polars as pl
import sqlglot
from sqlglot import exp

from hogar.features.known import Known, load_known
from hogar.features.past import SQL
from hogar.features.query import Query
from hogar.stores.warehouse import read_sql
from hogar.telco.catalogue import Entity, Feature
from hogar.telco.tables import BY_NAME

FILE = "topics.json"
CONSENT = ("consent", "line", "declaration")  # what decides who allowed what (stores/sql/consented_line.sql)
_MADE = ("line_home", "unprofiled", "unprofiled_line", "unprofiled_party")


class Topics(msgspec.Struct, frozen=True, kw_only=True):
    """Of what each topic was made, as names; and the inputs' own names by table."""

    topics: dict[str, str] = {}
    inputs: dict[str, str] = {}


@dataclass
class Reuse:
    """What the step before has, and the names of today's topics as they become known.

    `inputs` has a name for the content of each canonical table and each table of the households, and for the code;
    without them nothing is reused.
    """

    con: duckdb.DuckDBPyConnection
    inputs: Mapping[str, str]
    earlier: Path | None = None
    keys: dict[str, str] = field(default_factory=dict)
    reused: set[str] = field(default_factory=set)
    _contents: dict[str, str] = field(default_factory=dict)
    _features: dict[str, pl.DataFrame] = field(default_factory=dict)

    def topic(
        self, stem: str, query: Query, features: Sequence[Feature], everybody: str, day: object
    ) -> pl.DataFrame | None:
        """The columns of a topic as the step before left them; None where it must be computed. Keeps its name."""
        if not self.inputs:
            return None
        about = [(f.full_name, f.type, f.default, f.purposes) for f in features]
        made_of = [f"{name}={self._input(name, query.text)}" for name in sorted(reads(query.text))]
        key = _digest(query.text, about, everybody, str(day), self.inputs.get("", ""), made_of)
        self.keys[stem] = key
        if self.earlier is None or _topics(self.earlier).topics.get(stem) != key:
            return None
        entity = features[0].entity if features else "line"
        path = self.earlier / (f"{entity}.parquet" if features else f"{stem}.parquet")
        self.reused.add(stem)
        return pl.read_parquet(path, columns=[f.name for f in features] or None, glob=False)

    def known(self) -> Known:
        """What was known of the features and tables of the step before."""
        found = None if self.earlier is None else load_known(self.earlier)
        return Known(as_of="") if found is None else found

    def same_table(self, name: str) -> bool:
        """Whether a canonical table is, behind the gate, what it was in the step before."""
        if self.earlier is None or not self.inputs:
            return False
        before = _topics(self.earlier).inputs
        return all(before.get(one) == self.inputs.get(one) for one in (name, "", *CONSENT))

    def computed(self, entity: Entity, table: pl.DataFrame) -> None:
        """The features of an entity are known: later queries may name them."""
        self._features[f"{entity}_features"] = table

    def save(self, out: Path) -> None:
        """Keep the names beside the columns."""
        topics = Topics(topics=self.keys, inputs=dict(self.inputs))
        (out / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(topics), indent=2) + b"\n")

    def _input(self, name: str, text: str) -> str:
        """A name for the content of one table that a query reads."""
        if name in self._features:
            table = self._features[name]
            named = names(text)
            columns = [column for column in table.columns if named is None or column in named]
            return _digest(*(f"{column}:{self._content(name, table, column)}" for column in sorted(columns)))
        return _digest(*(self._base(one) for one in sorted(through(name))))

    def _base(self, name: str) -> str:
        if name in _MADE:
            if name not in self._contents:
                self._contents[name] = content(self.con, name)
            return f"{name}:{self._contents[name]}"
        gated = name == "consented_line" or (name in BY_NAME and BY_NAME[name].gate != "none")
        return ":".join(self.inputs.get(one, "?") for one in (name, *(CONSENT if gated else ())))

    def _content(self, name: str, table: pl.DataFrame, column: str) -> str:
        key = f"{name}.{column}"
        if key not in self._contents:
            self._contents[key] = of_rows(table.select(column))
        return self._contents[key]


def of_rows(table: pl.DataFrame) -> str:
    """A name for what a frame holds, row by row in their order."""
    return hashlib.blake2b(table.hash_rows().to_numpy().tobytes(), digest_size=16).hexdigest()


def content(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """A name for what a table holds, whatever the order of its rows."""
    whole = exp.Anonymous(this="hash", expressions=[exp.to_identifier("whole")])
    query = exp.select(exp.Count(this=exp.Star()), exp.func("bit_xor", whole), exp.Sum(this=whole.copy()))
    rows = con.execute(
        query.from_(exp.alias_(exp.to_table(name), "whole", table=True)).sql("duckdb")
    ).fetchall()
    return ":".join(map(str, rows[0]))


@cache
def reads(text: str) -> frozenset[str]:
    """The tables that a query reads; its own WITH names too, for one may stand in front of a table of that name."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    return frozenset(table.name.lower() for table in tree.find_all(exp.Table))


@cache
def names(text: str) -> frozenset[str] | None:
    """The column names that a query mentions; None where it takes all columns of some table."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    if any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        return None
    return frozenset(column.name for column in tree.find_all(exp.Column, exp.Identifier))


@cache
def through(name: str) -> frozenset[str]:
    """The tables behind one that a query reads on a day: through the views that stand in front of them."""
    path = SQL / "past" / f"{name}.sql"
    if name in _MADE or not path.is_file():
        return frozenset({name})
    created = sqlglot.parse_one(read_sql(path), dialect="duckdb")
    own = {cte.alias.lower() for cte in created.find_all(exp.CTE)}
    found: set[str] = set()
    for table in created.find_all(exp.Table):
        one = table.name.lower()
        if table.db == "past" and one != name:
            found |= through(one)
        elif table.db == "main" or (not table.db and one not in own):
            found.add(one)
    return frozenset(found)


@cache
def _topics(folder: Path) -> Topics:
    path = folder / FILE
    return msgspec.json.decode(path.read_bytes(), type=Topics) if path.is_file() else Topics()


def _digest(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
