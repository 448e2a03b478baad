"""Features of any project: what a query may do, and what is said when it does not."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.unit.features.tiny import TODAY, empty_market, tiny_market

from hogar.features import compute
from hogar.features.compute import FeatureError

YML = "features:\n  a:\n    type: number\n    help: a number\n"


def _project(folder: Path, sql: str, yml: str = YML) -> Path:
    (folder / "features").mkdir()
    (folder / "features" / "line_a.sql").write_text(sql, encoding="utf-8")
    (folder / "features" / "line_a.yml").write_text(yml, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT line_id AS id, kind AS a FROM line", "`a` is String, its description says number"),
        ("SELECT kind AS id, 1 AS a FROM line", "give one row a line"),
        ("SELECT no_such AS id, 1 AS a FROM line", "features/line_a.sql:1:1: DuckDB refuses it"),
    ],
)
def test_a_query_that_breaks_its_promise_is_named(tmp_path: Path, sql: str, said: str) -> None:
    """The wrong type, two rows an id, an unknown column: the file is named, and nothing of the day stays behind."""
    with tiny_market() as con:
        with pytest.raises(FeatureError, match=said):
            compute(con=con, project=_project(tmp_path, sql), as_of=TODAY, out=tmp_path / "out")
        assert con.execute("SELECT count(*) FROM line").fetchall() == [(6,)]
        assert con.execute(
            "SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'past'"
        ).fetchall() == [(0,)]


def test_an_empty_market_has_empty_tables(tmp_path: Path) -> None:
    """No lines, no persons, no offers: every file is there, with its columns and no row."""
    with empty_market() as con:
        compute(
            con=con,
            project=_project(tmp_path, "SELECT line_id AS id, 1 AS a FROM line"),
            as_of=TODAY,
            out=tmp_path,
        )
    line = pl.read_parquet(tmp_path / "line.parquet")
    assert line.schema == {"id": pl.String, "a": pl.Float64}
    assert pl.read_parquet(tmp_path / "offers.parquet").height == 0


def test_the_same_tables_give_the_same_files(tmp_path: Path) -> None:
    """Computed twice, every file is the same to the byte."""
    acme = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"
    for name in ("one", "two"):
        with tiny_market() as con:
            compute(con=con, project=acme, as_of=TODAY, out=tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
