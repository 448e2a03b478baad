"""A project's queries see the tables they are given, not the machine."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from hogar.stores import warehouse


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{outside}')",
        "from '{outside}'",
        "select * from glob('{folder}/*')",
        "copy (select 1) to '{folder}/new.csv'",
        "set enable_external_access = true",
    ],
)
def test_an_enclosed_connection_reads_nothing_else(tmp_path: Path, query: str) -> None:
    """Files outside the folders cannot be read, listed or written, and the fence cannot be taken down."""
    inside = tmp_path / "inside's"
    inside.mkdir()
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n", encoding="utf-8")
    with warehouse.connect() as con:
        con.execute(
            f"copy (select 1 as a) to '{str(inside).replace(chr(39), chr(39) * 2)}/t.parquet'"
        ).fetchall()
        con.read_parquet(str(inside / "t.parquet")).create_view("t")
        warehouse.enclose(con, (inside,))
        assert con.execute("select a from t").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            con.execute(query.format(outside=outside, folder=tmp_path)).fetchall()
