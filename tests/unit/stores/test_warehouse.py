"""Tables through DuckDB, and the consent gate in front of traffic data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from hogar.stores.warehouse import WarehouseError, canonical, connect, offnet_ties, plain_path, read_sql
from hogar.telco.tables import BY_NAME, TABLES

KINDS = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
Rows = Mapping[str, Sequence[Mapping[str, object]]]


def step(folder: Path, rows: Rows) -> Path:
    """A folder as the step `ingest` leaves it, with these rows."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        for table in TABLES:
            columns = ", ".join(f'"{column.name}" {KINDS[column.type]}' for column in table.columns)
            con.execute(f'create table "{table.name}" ({columns}, _file varchar, _row bigint)').fetchall()
            for row in rows.get(table.name, ()):
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                con.execute(
                    f'insert into "{table.name}" ({names}) values ({marks})', list(row.values())
                ).fetchall()
            con.table(f'"{table.name}"').write_parquet(str(folder / f"{table.name}.parquet"))
    return folder


def said(
    party: str, granted: bool, day: int = 1, purpose: str = "traffic", channel: str = "any"
) -> dict[str, object]:
    at = datetime(2026, 1, day)  # noqa: DTZ001
    return {"party_id": party, "purpose": purpose, "channel": channel, "granted": granted, "at": at}


def line(line_id: str, holder: str | None) -> dict[str, object]:
    return {"line_id": line_id, "holder_party_id": holder}


def uses(party: str, line_id: str, other: str | None = None) -> dict[str, object]:
    return {"party_id": party, "kind": "uses_line", "line_id": line_id, "other_party_id": other}


def seen(folder: Path, *, gated: bool = True) -> list[str]:
    """The lines whose usage can be seen."""
    with connect(threads=1) as con:
        canonical(con, folder, gated)
        return [name for (name,) in con.execute("select line_id from usage_day order by line_id").fetchall()]


USAGE = [{"line_id": f"L{n}", "data_mb": 1.0} for n in range(1, 5)]


def test_every_table_is_a_view(tmp_path: Path) -> None:
    """Each canonical table can be queried by its name, also `order`, from a folder whose name is odd."""
    folder = step(tmp_path / "a[b]*c'd", {"order": [{"order_id": "1"}]})
    with connect() as con:
        canonical(con, folder, gated=False)
        canonical(con, folder, gated=False)
        for table in TABLES:
            con.execute(f'select * from "{table.name}"').fetchall()
        assert con.execute('select order_id from "order"').fetchall() == [("1",)]


def test_a_missing_table_is_an_error(tmp_path: Path) -> None:
    """A folder that lacks a file is named, with the command that makes it."""
    folder = step(tmp_path / "step", {})
    (folder / "bill.parquet").unlink()
    with (
        connect() as con,
        pytest.raises(WarehouseError, match=r"lacks bill.parquet; run `hogar ingest` again"),
    ):
        canonical(con, folder, gated=True)


@pytest.mark.parametrize(
    ("consent", "declaration", "expected"),
    [
        ([], [], []),
        ([said("p1", True)], [], ["L1"]),
        ([said("p1", True), said("p1", False, 2)], [], []),
        ([said("p1", False), said("p1", True, 2)], [], ["L1"]),
        ([said("p1", True), said("p1", False)], [], []),
        ([said("p1", True, purpose="marketing"), said("p1", True, purpose="location")], [], []),
        ([said("p1", True, channel="sms")], [], []),
        ([said("p1", True), said("p1", False, 2, channel="sms")], [], []),
        ([said("p1", True)], [uses("p2", "L1")], []),
        ([said("p1", True), said("p2", True)], [uses("p2", "L1")], ["L1", "L2"]),
        ([said("p1", True)], [uses("p1", "L1", "p2")], []),
        ([said("p1", True)], [uses("p1", "L1", "p1")], ["L1"]),
    ],
)
def test_the_gate(
    tmp_path: Path,
    consent: list[dict[str, object]],
    declaration: list[dict[str, object]],
    expected: list[str],
) -> None:
    """Usage shows only where the holder's and each declared user's latest word allows it; no holder, no consent."""
    lines = [line("L1", "p1"), line("L2", "p2"), line("L3", None)]
    rows = {"line": lines, "usage_day": USAGE, "consent": consent, "declaration": declaration}
    folder = step(tmp_path, rows)
    assert seen(folder) == expected
    assert seen(folder, gated=False) == ["L1", "L2", "L3", "L4"]


def test_a_tie_needs_consent_at_both_ends(tmp_path: Path) -> None:
    """Who talks with whom shows only where both lines' parties allow it."""
    ties = [{"line_id": a, "other_line_id": b} for a, b in (("L1", "L2"), ("L1", "L3"), ("L3", "L2"))]
    lines = [line("L1", "p1"), line("L2", "p2"), line("L3", "p3")]
    consent = [said("p1", True), said("p2", True), said("p3", False)]
    folder = step(tmp_path, {"line": lines, "tie_month": ties, "consent": consent})
    with connect() as con:
        canonical(con, folder, gated=True)
        assert con.execute("select line_id, other_line_id from tie_month").fetchall() == [("L1", "L2")]


def test_every_gated_table_names_its_lines() -> None:
    """A gate without lines would let every row through: each gated table has lines, among its columns."""
    for table in TABLES:
        assert (table.gate == "none") == (not table.gate_lines), table.name
        assert set(table.gate_lines) <= BY_NAME[table.name].by_name.keys()


def test_a_query_says_its_purpose(tmp_path: Path) -> None:
    """A hand-written query without its line of purpose is refused; with it its text comes back whole."""
    path = tmp_path / "x.sql"
    path.write_text("select 1")
    with pytest.raises(WarehouseError, match=r"x\.sql:1:1"):
        read_sql(path)
    path.write_text("-- purpose: to be one\nselect 1")
    assert read_sql(path) == "-- purpose: to be one\nselect 1"


def test_moments_are_in_utc_and_the_network_is_left_alone() -> None:
    """A connection counts in UTC and never loads extensions by itself."""
    with connect(threads=1, memory_limit="100MB") as con:
        names = ("TimeZone", "autoinstall_known_extensions", "threads", "memory_limit")
        values = [con.execute("select current_setting(?)", [name]).fetchall()[0][0] for name in names]
    assert values == ["UTC", False, 1, "95.3 MiB"]


def test_what_does_not_fit_in_memory_is_spilled(tmp_path: Path) -> None:
    """A sort larger than the memory limit still runs."""
    with connect(threads=1, memory_limit="60MB", spill=tmp_path / "spill") as con:
        con.execute("create table t as select hash(i)::varchar as x from range(2000000) s(i)").fetchall()
        assert con.execute("select count(*) from (select * from t order by x)").fetchall() == [(2_000_000,)]


def test_plain_path() -> None:
    """Signs of a pattern are quoted, all else stays."""
    assert plain_path(Path("/a*b/[c]?.csv")) == "/a[*]b/[[]c][?].csv"


def test_ties_with_other_operators_show_where_our_end_allows_it(tmp_path: Path) -> None:
    """Ours first whichever id is smaller; who began is turned with it; lines of ours are no such numbers."""
    lines = [line("L1", "p1"), line("L2", "p2"), line("L3", "p1")]
    ties = [
        {"line_id": "L1", "other_line_id": "X1", "calls": 5, "calls_from_line": 2},
        {"line_id": "A9", "other_line_id": "L1", "calls": 5, "calls_from_line": 2},
        {"line_id": "L2", "other_line_id": "X1", "calls": 7},
        {"line_id": "L1", "other_line_id": "L3", "calls": 9},
    ]
    consent = [said("p1", True), said("p2", False)]
    folder = step(tmp_path, {"line": lines, "tie_month": ties, "consent": consent})
    with connect(threads=1) as con:
        canonical(con, folder, gated=True)
        offnet_ties(con, folder)
        seen = con.execute(
            "select line_id, number_id, calls, calls_out from offnet_tie order by 2"
        ).fetchall()
        assert seen == [("L1", "A9", 5, 3), ("L1", "X1", 5, 2)]
        assert con.execute("select count(*) from tie_month").fetchall() == [(1,)]


def test_an_event_shows_where_the_consent_that_it_names_holds(tmp_path: Path) -> None:
    """A row says itself what it needs: nothing, or the line's consent; without a line it has none."""
    events: list[dict[str, object]] = [
        {"event_id": "free", "party_id": "p1"}, {"event_id": "allowed", "line_id": "L1", "consent": "traffic"},
        {"event_id": "refused", "line_id": "L2", "consent": "traffic"},
        {"event_id": "other", "line_id": "L1", "consent": "location"},
        {"event_id": "nobody", "party_id": "p1", "consent": "traffic"},
    ]  # fmt: skip
    rows = {"line": [line("L1", "p1"), line("L2", "p2")], "consent": [said("p1", True)], "event": events}
    with connect() as con:
        canonical(con, step(tmp_path, rows), gated=True)
        found = con.execute("select event_id from event order by event_id").fetchall()
    assert [id for (id,) in found] == ["allowed", "free"]
