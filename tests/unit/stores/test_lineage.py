"""Which columns an answer is made of: through everything that an author may write."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from hogar.stores.lineage import Assumed, Traced, table, trace

TABLES = {
    "bill": table("bill", ("line_id", "month", "fee", "extra")),
    "line": table("line", ("line_id", "kind", "holder", "ended_on")),
    "person": table("person", ("holder", "birth_date")),
}


def traced(sql: str, assumed: Assumed | None = None, **more: Traced) -> Traced:
    """The lineage of a query over the three tables."""
    query = sqlglot.parse_one(sql, dialect="duckdb")
    assert isinstance(query, exp.Query)
    return trace(query, {**TABLES, **more}, assumed)


def behind(found: Traced, column: str) -> str:
    """What is behind a column, in a fixed order."""
    return " ".join(sorted(".".join(origin) for origin in found.columns[column]))


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("SELECT fee AS v FROM bill", "bill.fee"),
        ("SELECT sum(fee + extra) AS v FROM bill", "bill.extra bill.fee"),
        ("SELECT sum(fee) FILTER (month > DATE '2026-01-01') AS v FROM bill", "bill.fee bill.month"),
        ("SELECT arg_max(fee, (month, extra)) AS v FROM bill", "bill.extra bill.fee bill.month"),
        ("SELECT rank() OVER (PARTITION BY line_id ORDER BY month) AS v FROM bill", "bill.line_id bill.month"),
        ("WITH a AS (SELECT fee AS x FROM bill), b AS (FROM a) SELECT x AS v FROM b", "bill.fee"),
        ("WITH a(x) AS (SELECT fee FROM bill) SELECT x AS v FROM a", "bill.fee"),
        ("SELECT v FROM (SELECT fee AS v FROM bill) AS inside", "bill.fee"),
        ("SELECT fee AS v FROM bill UNION ALL SELECT extra FROM bill", "bill.extra bill.fee"),
        ("SELECT 1 AS w, fee AS v FROM bill UNION ALL BY NAME SELECT extra AS v FROM bill", "bill.extra bill.fee"),
        ("SELECT kind AS v FROM bill JOIN line USING (line_id)", "line.kind"),
        ("SELECT line_id AS v FROM bill JOIN line USING (line_id)", "bill.line_id"),
        ("SELECT fee + 1 AS f, f * 2 AS v FROM bill", "bill.fee"),
        ("SELECT extra AS fee, fee AS v FROM bill", "bill.fee"),
        ("SELECT line_id IN (FROM (SELECT line_id FROM bill WHERE fee > 1)) AS v FROM line",
         "bill.fee bill.line_id line.line_id"),
        ("SELECT (SELECT max(fee) FROM bill WHERE bill.line_id = line.line_id) AS v FROM line",
         "bill.fee bill.line_id line.line_id"),
        ("SELECT v FROM (SELECT * REPLACE (extra AS fee), fee AS v FROM bill)", "bill.fee"),
        ("SELECT fee AS v FROM (SELECT * REPLACE (extra AS fee) FROM bill)", "bill.extra"),
        ("SELECT line.kind AS v FROM line, bill WHERE bill.line_id = line.line_id", "line.kind"),
        ("SELECT 7 AS v FROM bill", ""),
        ("SELECT nobody AS v FROM bill", ""),
    ],
)  # fmt: skip
def test_a_value_is_followed_to_its_columns(sql: str, value: str) -> None:
    """Through WITH, subqueries, unions, USING, stars, aliases, windows, filters and correlation."""
    assert behind(traced(sql), "v") == value


def test_rows_hang_on_what_chooses_them() -> None:
    """WHERE, inner joins, GROUP BY and HAVING decide which rows there are; they are told apart from values."""
    found = traced(
        "SELECT line.kind, sum(fee) AS v FROM bill JOIN line USING (line_id) WHERE ended_on IS NULL "
        "GROUP BY line.kind HAVING max(extra) > 0"
    )
    assert behind(found, "v") == "bill.fee"
    assert {".".join(one) for one in found.rows} == {
        "bill.line_id", "line.line_id", "line.ended_on", "line.kind", "bill.extra",
    }  # fmt: skip


def test_a_left_join_comes_with_its_condition_and_only_where_it_is_used() -> None:
    """Of a table that is joined from the left nothing counts for columns that do not take from it."""
    found = traced("SELECT line_id, birth_date FROM line LEFT JOIN person ON person.holder = line.holder")
    assert behind(found, "line_id") == "line.line_id"
    assert behind(found, "birth_date") == "line.holder person.birth_date person.holder"
    assert found.rows == frozenset()


def test_a_query_over_traced_tables_is_one() -> None:
    """So lineage goes from file to file."""
    inner = traced("SELECT line_id AS id, sum(fee) AS spend FROM bill GROUP BY line_id")
    outer = traced("SELECT id, spend * 12 AS yearly FROM line_features", line_features=inner)
    assert behind(outer, "yearly") == "bill.fee"
    assert ("bill", "line_id") in outer.rows


def test_columns_that_nobody_named_are_their_own_origin() -> None:
    """Of a silo that was not looked at every name may be a column; one that names its own comes before it."""
    found = traced(
        "SELECT nif, kind FROM silo JOIN line ON line.line_id = silo.linea", silo=table("silo", None)
    )
    assert (behind(found, "nif"), behind(found, "kind")) == ("silo.nif", "line.kind")


def test_what_cannot_be_under_an_assumption_is_left_out() -> None:
    """A branch that asks another text of an assumed column, or gives another text itself, has no rows."""
    sql = (
        "SELECT 'household' AS scope, fee AS v FROM bill UNION ALL SELECT 'line', extra FROM bill JOIN line "
        "USING (line_id) WHERE kind = 'tv' UNION ALL SELECT 'line', month FROM bill JOIN line USING (line_id) "
        "WHERE kind IN ('mobile', 'fixed')"
    )
    assert behind(traced(sql), "v") == "bill.extra bill.fee bill.month"
    assert behind(traced(sql, Assumed(literals={"scope": "line"})), "v") == "bill.extra bill.month"
    tv = Assumed(literals={"scope": "line"}, values={("line", "kind"): "tv"})
    assert behind(traced(sql, tv), "v") == "bill.extra"
