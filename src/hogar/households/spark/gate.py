"""Which rows of traffic and location may a cluster look at? The consent gate of the warehouse, on Spark tables.

The same text as on one machine decides which lines have consent (`stores/sql/consented_line.sql`); rows of a gated
table stay where every line that the table names has it. Nothing else in this package opens a gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING

import pyarrow as pa

from hogar.households.spark.exchange import PART, Tables, exchange, of
from hogar.households.spark.routes import Group, Routing, near, own, part_of
from hogar.stores import warehouse
from hogar.telco.tables import TABLES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

CONSENTED = pa.schema({"line_id": pa.string(), "purpose": pa.string()})
_LINES = Group(
    name="consented_lines",
    steps=(),
    owner=("line_id",),
    routes=(
        own("line.line_id"),
        own("declaration.line_id"),
        near("consent.party_id", "line.holder_party_id"),
        near("consent.party_id", "declaration.coalesce(other_party_id, party_id)"),
    ),
)


def gated(canonical: Mapping[str, DataFrame], parts: int) -> dict[str, DataFrame]:
    """The canonical tables, those with a gate without the rows that lack consent at any end."""
    routing = Routing(tables=canonical, parts=parts)
    found = exchange(routing.routed(_LINES), parts, consented, {"consented_line": CONSENTED})
    mine = found.where(f"{PART} = {part_of(('consented_line.line_id',), parts)}")
    lines = of(mine, "consented_line").localCheckpoint()
    routing.forget()
    tables = dict(canonical)
    for table in TABLES:
        for name in table.gate_lines if table.gate != "none" else ():
            rows, by_line = tables[table.name], lines["line_id"].alias(name)
            if table.gate != "row":
                allowed = lines.where(lines["purpose"] == table.gate).select(by_line)
                tables[table.name] = rows.join(allowed, name, "left_semi")
            else:  # which consent, a row says itself
                pairs = lines.select(by_line, lines["purpose"].alias("consent"))
                free = rows.where(rows["consent"].isNull())
                tables[table.name] = free.unionByName(rows.join(pairs, [name, "consent"], "left_semi"))
    return tables


def consented(tables: Tables) -> Tables:
    """Of the lines that are here with their words of consent: which allow which purpose."""
    text = (resources.files("hogar.stores") / "sql" / "consented_line.sql").read_text(encoding="utf-8")
    with warehouse.connect(threads=1) as con:
        for name, table in tables.items():
            con.register(name, table)
        con.execute(text).fetchall()
        return {"consented_line": con.sql("FROM consented_line").to_arrow_table()}
