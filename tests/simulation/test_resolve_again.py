"""A market of 5,000 in which one party in a hundred changed: is going on from the run before the same as a full run?"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from benchmarks.households_market import Asked, Market, make

from hogar import households
from hogar.stores import warehouse

CHANGES = {
    "address": "SELECT * REPLACE (CASE WHEN how = 0 THEN '7' ELSE number END AS number) FROM rows WHERE how <> 1",
    "person": """
        SELECT * REPLACE (
            CASE WHEN how = 2 THEN 'Otero' ELSE last_name END AS last_name,
            CASE WHEN how = 3 THEN birth_date + 400 ELSE birth_date END AS birth_date
        ) FROM rows WHERE how <> 1
    """,
    "consent": "SELECT * REPLACE (granted <> (how = 4) AS granted) FROM rows WHERE how <> 1",
    "selfcare_login": "FROM rows WHERE how < 0 OR how > 3",
    "ticket": "FROM rows WHERE how < 0 OR how > 4",
}


@pytest.mark.slow
def test_one_party_in_a_hundred_changed(tmp_path: Path) -> None:
    """Every file is the same; and the second run looked at a part of the pairs only."""
    asked = Asked(regime="spain", seed=1, persons=5000, consent=1.0)
    market = make(asked, tmp_path / "market", threads=2)
    changed = tmp_path / "changed"
    shutil.copytree(market.ingested, changed)
    for table, sql in CHANGES.items():
        _change(market.ingested / f"{table}.parquet", changed / f"{table}.parquet", sql)
    first, again, full = (tmp_path / name for name in ("first", "again", "full"))
    _resolve(market, market.ingested, first)
    report = _resolve(market, changed, again, first)
    _resolve(market, changed, full, first, keep=False)
    looked_at = {step.name: step.rows for step in report.steps}
    assert report.events
    assert 0 < looked_at["party"] < 0.05 * report.parties
    assert 0 < looked_at["address_level"] < 0.3 * report.pairs
    for path in sorted(full.glob("*.parquet")):
        assert pq.read_table(again / path.name).equals(pq.read_table(path)), path.name


def _change(source: Path, target: Path, sql: str) -> None:
    """Each party in a hundred, by its id, has something else in this table; how tells what."""
    with duckdb.connect() as con:
        con.execute(f"""
            CREATE VIEW rows AS
            SELECT *, CASE WHEN hash(party_id) % 100 = 0 THEN (hash(party_id) // 100 % 6)::INTEGER ELSE -1 END AS how
            FROM read_parquet('{source}')
        """)
        con.execute(f"COPY (SELECT * EXCLUDE (how) FROM ({sql})) TO '{target}'")


def _resolve(
    market: Market, tables: Path, out: Path, before: Path | None = None, keep: bool = True
) -> households.ResolveReport:
    with warehouse.connect(threads=2) as con:
        warehouse.canonical(con, tables, gated=True)
        return households.resolve(
            con=con, now=market.now, out=out, keep=keep,
            earlier=households.read_earlier(before) if before else None,
            models=households.read_models(before) if before else None,
        )  # fmt: skip
