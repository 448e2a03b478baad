"""Which rows does a partition need? Reads a group's routes; gives the rows of each table and where they go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hogar.households.spark.exchange import PART

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True, kw_only=True)
class Route:
    """Rows of a table that a partition needs: its own by `key`, or those whose `key` is found in rows it has already.

    A row is a partition's own where the key's hash says so. Keys and values are expressions over columns.
    """

    table: str
    key: tuple[str, ...]
    of: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Steps that run together in a partition, which rows they need, and which of their rows are a partition's own.

    Rows of the tables `keep` stay where `owner` is hashed to the partition: for these it has seen all there is.
    A later step of a group may look at an earlier one's rows only for what the partition owns.
    """

    name: str
    steps: tuple[str, ...]
    owner: tuple[str, ...]
    routes: tuple[Route, ...]
    keep: tuple[str, ...] = ()

    def made(self) -> tuple[str, ...]:
        """The names of the tables that stay."""
        return self.keep or tuple(step.split("_", 1)[1] for step in self.steps)

    def needed(self) -> tuple[str, ...]:
        """The names of the tables that come from before, each once, in the order of the routes."""
        return tuple(dict.fromkeys(route.table for route in self.routes))


def own(key: str) -> Route:
    """The rows that are the partition's own by this key, `table.column` or `table.column, column`."""
    table, columns = _split(key)
    return Route(table=table, key=columns)


def near(key: str, value: str) -> Route:
    """The rows whose key, `table.column`, is found under `other_table.column` in rows that are there by now."""
    table, columns = _split(key)
    other, values = _split(value)
    return Route(table=table, key=columns, of=other, values=values)


Key = tuple[str, ...]


@dataclass(kw_only=True)
class Routing:
    """Finds the rows of a group's tables. Which keys are wanted where is kept; rows are joined when asked for."""

    tables: Mapping[str, DataFrame]
    parts: int
    owned: dict[str, list[Key]] = field(default_factory=dict)
    wanted: dict[str, list[tuple[Key, DataFrame]]] = field(default_factory=dict)
    kept: dict[tuple[str, Key, int], DataFrame] = field(default_factory=dict)

    def routed(self, group: Group) -> dict[str, DataFrame]:
        """Each table that the group needs, with the column `part`: a row once for each partition that needs it."""
        for route in group.routes:
            if route.of is None:
                self.owned.setdefault(route.table, []).append(route.key)
            else:
                self.wanted.setdefault(route.table, []).append(
                    (route.key, self.found(route.of, route.values))
                )
        return {name: self.rows(name) for name in group.needed()}

    def found(self, name: str, values: Key) -> DataFrame:
        """The values in a table's rows that the routes so far bring, each with the partitions that have it."""
        from pyspark.sql import functions as f

        routes = len(self.owned.get(name, [])) + len(self.wanted.get(name, []))
        if (name, values, routes) not in self.kept:
            aliases = _names(values)
            named = [f"{value} AS {alias}" for alias, value in zip(aliases, values, strict=True)]
            there = self.rows(name).selectExpr(PART, *named).dropna()
            self.kept[name, values, routes] = (
                there.groupBy(*aliases).agg(f.collect_set(PART).alias(PART)).persist()
            )
        return self.kept[name, values, routes]

    def rows(self, name: str) -> DataFrame:
        """The rows of a table that the routes so far bring, with the partition that each is for."""
        rows = self.tables[name]
        columns = [f"`{column}`" for column in rows.columns]
        parts = [f"array({part_of(key, self.parts)})" for key in self.owned.get(name, [])]
        for place, (key, wanted) in enumerate(self.wanted.get(name, [])):
            aliases, found = _names(key), f"found_{place}"
            keyed = rows.selectExpr(
                "*", *[f"{part} AS {alias}" for alias, part in zip(aliases, key, strict=True)]
            )
            rows = keyed.join(wanted.withColumnRenamed(PART, found), aliases, "left").drop(*aliases)
            parts.append(f"coalesce({found}, array())")
        every = f"explode(array_distinct(array_compact(concat({', '.join(parts)})))) AS {PART}"
        return rows.selectExpr(every, *columns)

    def forget(self) -> None:
        """Let go of the values that were kept."""
        for found in self.kept.values():
            found.unpersist()


def part_of(key: Key, parts: int) -> str:
    """The number of the partition that owns a key, as an expression; none where a part of the key is missing."""
    known = " AND ".join(f"{part} IS NOT NULL" for part in key)
    return f"CASE WHEN {known} THEN CAST(pmod(xxhash64({', '.join(key)}), {parts}) AS INT) END"


def _names(key: Key) -> list[str]:
    return [f"wanted_{place}" for place in range(len(key))]


def _split(text: str) -> tuple[str, tuple[str, ...]]:
    table, columns = text.split(".", 1)
    return table, tuple(re.split(r", *(?![^()]*\))", columns))
