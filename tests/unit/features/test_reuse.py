"""What is the same is taken over, and what is taken over is what would have been computed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from tests.unit.features.tiny import RESOLVED, TODAY, at, insert, tiny_market

from hogar.features import FeaturesReport, compute
from hogar.features.reuse import content, names, reads, through
from hogar.telco.tables import TABLES

ACME = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"
TABLE_NAMES = (*(table.name for table in TABLES), *RESOLVED)


def inputs(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The contents of all tables, as the build names those of files."""
    return {"": "code", **{name: content(con, f'"{name}"') for name in TABLE_NAMES}}


def run(con: duckdb.DuckDBPyConnection, project: Path, out: Path, earlier: Path | None) -> FeaturesReport:
    """The step, with what the step before left."""
    return compute(con=con, project=project, as_of=TODAY, out=out, inputs=inputs(con), earlier=earlier)


def same(one: Path, other: Path) -> None:
    """Every table that both folders have is the same, and there are the same."""
    files = sorted(path.name for path in one.glob("*.parquet"))
    assert files == sorted(path.name for path in other.glob("*.parquet"))
    for name in files:
        assert pl.read_parquet(one / name).equals(pl.read_parquet(other / name)), name
    assert (one / "known.json").read_bytes() == (other / "known.json").read_bytes()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Acme's features, to be changed."""
    shutil.copytree(ACME / "features", tmp_path / "project" / "features")
    return tmp_path / "project"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The step over the market as it is, with acme's own features."""
    out = tmp_path_factory.mktemp("before")
    with tiny_market() as con:
        run(con, ACME, out, None)
    return out


def test_nothing_changed_nothing_is_computed(before: Path, tmp_path: Path) -> None:
    """All topics and the offers are taken over; the files are the same."""
    with tiny_market() as con:
        again = run(con, ACME, tmp_path / "two", before)
    assert again.reused == again.topics > 15
    same(before, tmp_path / "two")


def test_a_changed_query_is_computed_again_and_so_is_what_rests_on_it(
    project: Path, before: Path, tmp_path: Path
) -> None:
    """A fee in cents: the topic, the household's spend that sums it, the offers; nothing else."""
    with tiny_market() as con:
        path = project / "features" / "line_bill.sql"
        text = path.read_text().replace(
            "avg(fee_cents) FILTER (recent)) / 100", "avg(fee_cents) FILTER (recent))"
        )
        path.write_text(text)
        again = run(con, project, tmp_path / "two", before)
        run(con, project, tmp_path / "three", None)
    new, old = (json.loads((one / "topics.json").read_text())["topics"] for one in (tmp_path / "two", before))
    changed = {stem for stem in new if new[stem] != old[stem]}
    assert changed == {"line_bill", "household_spend", "offers"}, "offers take all there is of a line"
    assert again.topics - again.reused == len(changed)
    same(tmp_path / "two", tmp_path / "three")


def test_a_changed_description_is_computed_again(project: Path, before: Path, tmp_path: Path) -> None:
    """A default fills other values: the topic is not taken over."""
    with tiny_market() as con:
        path = project / "features" / "line_device.yml"
        path.write_text(
            path.read_text().replace("    unit: months\n", "    unit: months\n    default: 12\n", 1)
        )
        again = run(con, project, tmp_path / "two", before)
    assert again.reused < again.topics
    assert pl.read_parquet(tmp_path / "two" / "line.parquet")["device_age_months"].null_count() < 5


_CHANGES: dict[str, Callable[[duckdb.DuckDBPyConnection], Any]] = {
    "bill": lambda con: con.execute("UPDATE bill SET overage_cents = 700 WHERE line_id = 'l:he'"),
    "top_up": lambda con: con.execute("UPDATE top_up SET amount_cents = 900"),
    "consent": lambda con: insert(con, "consent", {"party_id": "crm:he", "purpose": "profiling", "channel": "any",
                                                   "granted": False, "at": at(TODAY, 2)}),
    "line": lambda con: con.execute("UPDATE line SET ended_on = DATE '2026-02-01' WHERE line_id = 'l:he'"),
    "membership": lambda con: con.execute("UPDATE membership SET household_id = 'H-1' WHERE person_id = 'P-3'"),
    "event": lambda con: insert(con, "event", {"source": "/web", "event_id": "x", "party_id": "crm:he",
                                               "type": "com.acme.web.v1.visited", "at": at(TODAY),
                                               "data": '{"topic": "devices"}'}),
    "usage_day": lambda con: insert(con, "usage_day", {"line_id": "l:he", "day": TODAY - timedelta(days=1),
                                                       "data_mb": 1.0, "voice_min": 1.0}),
    "person": lambda con: con.execute("UPDATE person SET birth_date = '2015-01-01' WHERE party_id = 'prepaid:she'"),
}  # fmt: skip


@pytest.mark.parametrize("table", _CHANGES)
def test_a_changed_table_gives_what_a_step_without_a_past_would(
    table: str, before: Path, tmp_path: Path
) -> None:
    """Some topics are taken over, and every file is the one that would have been written from nothing."""
    with tiny_market() as con:
        _CHANGES[table](con)
        again = run(con, ACME, tmp_path / "two", before)
        run(con, ACME, tmp_path / "three", None)
    assert again.reused < again.topics
    same(tmp_path / "two", tmp_path / "three")


def test_without_names_of_its_inputs_nothing_is_taken_over(before: Path, tmp_path: Path) -> None:
    """Who computes in a notebook computes."""
    with tiny_market() as con:
        report = compute(con=con, project=ACME, as_of=TODAY, out=tmp_path / "two", earlier=before)
    assert report.reused == 0


def test_what_a_query_reads_is_found_through_views_and_with_names() -> None:
    """A view's own tables stand behind it; a WITH name that hides a table counts as the table."""
    assert reads("WITH bill AS (SELECT * FROM bill) SELECT line_id AS id FROM bill JOIN line_home USING (line_id)") == {
        "bill", "line_home"
    }  # fmt: skip
    assert through("usage_day") == {"usage_day", "unprofiled_line"}
    assert "declaration" in through("adviser")
    assert names("SELECT count(*) AS n, l.plan AS p FROM line_features AS l") is not None
    assert names("SELECT l.* FROM line_features AS l") is None
