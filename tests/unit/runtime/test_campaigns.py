"""A campaign gives each person of its audience one row or one reason, and is delivered once."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import small_market

from hogar.errors import UsageError
from hogar.runtime import campaign_runs, campaigns, outbox
from hogar.runtime.engine import Engine
from hogar.runtime.replay import replay
from hogar.runtime.target_file import COLUMNS, one_line, target_file


def test_the_counts_add_up_and_the_file_has_the_rows(engine: Engine, tmp_path: Path) -> None:
    """audience = proposed + excluded; exactly the five columns; one line a row; planned on record; nothing sent."""
    out = tmp_path / "targets.csv"
    report = campaigns.plan(engine, "renewals", out)
    assert (report.audience, report.proposed, dict(report.excluded)) == (20, 10, {"outranked": 10})
    assert len(out.read_text().splitlines()) == 11
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["reason"] == "'=El movil tiene 30 meses y cansa"
    assert engine.ledger.counts() == {"decision.campaign.planned": 10}
    assert all(replay(engine, id_).identical for id_ in engine.ledger.decision_ids())


def test_the_same_plan_again_records_nothing_new(engine: Engine) -> None:
    """Same moment, strategy and profiles: the same plan."""
    assert campaigns.plan(engine, "renewals") == campaigns.plan(engine, "renewals")
    assert engine.ledger.counts() == {"decision.campaign.planned": 10}


def test_a_parquet_file_has_the_same_rows(engine: Engine, tmp_path: Path) -> None:
    """The ending chooses the form; in Parquet no apostrophe is needed."""
    campaigns.plan(engine, "renewals", tmp_path / "targets.parquet")
    table = pq.read_table(tmp_path / "targets.parquet")
    assert tuple(table.column_names) == COLUMNS
    assert table.num_rows == 10
    assert table.column("reason")[0].as_py().startswith("=El movil")


def test_each_reason_is_the_one_that_got_furthest(tmp_path: Path) -> None:
    """Objection, consent, age of the device: each person is counted under one."""
    homes = [
        small_market.home(1, objects=True),
        small_market.home(2, consent=0),
        small_market.home(3, device_age=10),
        small_market.home(4),
    ]
    report = campaigns.plan(small_market.engine(tmp_path, homes), "few")
    assert report.audience == 12
    assert report.proposed + sum(report.excluded.values()) == 12
    assert dict(report.excluded) == {
        "minor": 3,
        "no_consent": 2,
        "objection": 2,
        "outranked": 1,
        "suitable": 3,
    }


def test_short_capacity_goes_to_the_best_rows(engine: Engine) -> None:
    """No more rows than the capacity; the others are counted as such."""
    report = campaigns.plan(engine, "few")
    assert (report.proposed, report.excluded["capacity"]) == (2, 8)
    run = campaign_runs.run(engine, "few")
    assert (run.proposed, run.excluded["capacity"]) == (2, 8)


def test_a_run_commits_contacts_and_messages_once(engine: Engine) -> None:
    """The same run again changes nothing; a second campaign meets the caps."""
    first = campaign_runs.run(engine, "renewals")
    assert (first.state, first.audience, first.proposed) == ("finished", 20, 10)
    counts = engine.ledger.counts()
    assert counts == {
        "decision.campaign.made": 10, "contact.contact.reserved": 10, "outbox.planned": 10,
    }  # fmt: skip
    again = campaign_runs.run(engine, "renewals")
    assert again == first
    assert engine.ledger.counts() == counts
    assert [run.run for run in campaign_runs.status(engine, "renewals")] == [first.run]
    assert all(replay(engine, id_).identical for id_ in engine.ledger.decision_ids())


def test_an_interrupted_run_goes_on_behind_its_cursor(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a failure between two groups the rest is done, and the counts are those of the whole."""
    monkeypatch.setattr("hogar.runtime.campaign_runs.ROWS_MAX", 3)
    real, calls = campaign_runs.commit, []

    def failing(*args: object) -> object:
        calls.append(args)
        if len(calls) == 3:
            raise OSError("the disk is full")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("hogar.runtime.campaign_runs.commit", failing)
    with pytest.raises(OSError, match="disk is full"):
        campaign_runs.run(engine, "renewals")
    assert engine.ledger.counts()["decision.campaign.made"] == 6
    report = campaign_runs.run(engine, "renewals")
    assert (report.resumed, report.audience, report.proposed) == (True, 20, 10)
    assert engine.ledger.counts()["decision.campaign.made"] == 10
    assert outbox.deliver(engine).delivered == 10


def test_a_wrong_name_or_file_is_refused(engine: Engine, tmp_path: Path) -> None:
    """The message says what there is and what to write."""
    with pytest.raises(UsageError, match="did you mean `renewals`"):
        campaigns.plan(engine, "renewal")
    with pytest.raises(UsageError, match=r"\.csv or \.parquet"):
        campaigns.plan(engine, "renewals", tmp_path / "targets.xlsx")
    with pytest.raises(UsageError, match="no folder"):
        campaigns.plan(engine, "renewals", tmp_path / "none" / "targets.csv")


def test_a_failed_plan_leaves_the_old_file(tmp_path: Path) -> None:
    """The file is written aside and renamed: a reader sees the old one or the new one."""
    path = tmp_path / "targets.csv"
    path.write_text("old")

    def fail() -> None:
        with target_file(path) as file:
            file.write([("P", "a", "P", "sms", "why")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["targets.csv"]


def test_no_field_holds_a_line_break() -> None:
    """Whatever an author wrote, a row is one line."""
    assert one_line("a\r\nb\u2028c\x00d\te ") == "a b c d e"


def test_a_name_keeps_its_parts_apart() -> None:
    """Whatever the parts contain, other parts have another name."""
    assert campaigns.digest("s\x1fa", "b") != campaigns.digest("s", "a\x1fb")
    assert campaigns.digest("1", "2:ab") != campaigns.digest("12", ":ab")
