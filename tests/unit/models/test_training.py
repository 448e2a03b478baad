"""From history to scores: a past that cannot see its future, and a score that shows nobody else's data."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from tests.unit.features.tiny import TODAY, at, empty_market, insert, insert_all

from hogar.build.training import TrainReport, train_models
from hogar.features import compute, load_catalogue

DAY = TODAY - timedelta(days=90)
LINE_SQL = """
SELECT line_id AS id,
    datediff('day', started_on, :as_of) AS days,
    (SELECT sum(overage_cents) FROM bill WHERE bill.line_id = line_home.line_id) AS overage
FROM line_home
"""
LINE_YML = """
purposes: [marketing, care, contract]
features:
  days: {type: number, help: age of the line, whose: person}
  overage: {type: number, help: paid beyond, whose: payer}
"""
PERSON_SQL = """
SELECT membership.person_id AS id, count(ticket_id) AS tickets
FROM membership JOIN party_person USING (person_id) LEFT JOIN ticket USING (party_id)
GROUP BY 1
"""
PERSON_YML = "features: {tickets: {type: number, help: tickets ever}}"
TARGET = "SELECT line_id AS id, coalesce(ended_on <= :as_of + :horizon_days, false) AS label FROM line"
MODEL = "entity: line\ntarget: models/t.sql\nhorizon_days: 90\nfeatures: [{features}]\n"


def _project(folder: Path, features: str, model: str = MODEL) -> Path:
    for name, text in {
        "features/line_a.sql": LINE_SQL, "features/line_a.yml": LINE_YML, "features/person_a.sql": PERSON_SQL,
        "features/person_a.yml": PERSON_YML, "models/t.sql": TARGET,
        "models/churn.yml": model.replace("{features}", features),
    }.items():  # fmt: skip
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _history(lines: int = 400) -> duckdb.DuckDBPyConnection:
    """Half of the lines with overage leave, few others; after they left, a ticket is written for each of them."""
    rng = np.random.default_rng(5)
    con = empty_market()
    tables = ("person", "party_person", "membership", "line", "line_user", "account", "bill", "ticket")
    frames: dict[str, list[dict[str, Any]]] = {name: [] for name in tables}
    for number in range(lines):
        party, person, line, account = f"crm:{number}", f"P-{number}", f"l:{number}", f"a{number}"
        overage = bool(rng.random() < 0.3)
        leaves = bool(rng.random() < (0.5 if overage else 0.03))
        ended = DAY + timedelta(days=int(rng.integers(5, 80))) if leaves else None
        frames["person"].append({"party_id": party, "birth_date": date(1980, 1, 1)})
        frames["party_person"].append({"party_id": party, "person_id": person})
        frames["membership"].append({"person_id": person, "household_id": f"H-{number}", "probability": 1.0})
        payer = f"crm:{number}" if number % 2 else "crm:0"
        frames["account"].append({"account_id": account, "payer_party_id": payer})
        frames["line"].append({"line_id": line, "kind": "mobile_postpaid", "holder_party_id": party,
                               "account_id": account, "started_on": date(2022, 1, 1), "ended_on": ended})  # fmt: skip
        if not leaves:
            frames["line_user"].append({"line_id": line, "person_id": person})
        else:
            frames["ticket"].append({"ticket_id": f"t{number}", "party_id": party, "kind": "question",
                                     "opened_at": at(ended) if ended else None})  # fmt: skip
        frames["bill"].append({"bill_id": f"b{number}", "line_id": line, "month": date(2025, 10, 1), "fee_cents": 1000,
                               "overage_cents": 900 * overage})  # fmt: skip
    for name, rows in frames.items():
        insert_all(con, name, rows)
    return con


def _train(con: duckdb.DuckDBPyConnection, project: Path, out: Path) -> TrainReport:
    compute(con=con, project=project, as_of=TODAY, out=out / "features")
    return train_models(con=con, project=project, features=out / "features", as_of=TODAY, out=out / "train")


def test_a_signal_of_the_future_is_worth_nothing(tmp_path: Path) -> None:
    """Tickets written after the line left would foretell perfectly; at the earlier day there are none."""
    with _history() as con:
        report = _train(con, _project(tmp_path, "person.tickets"), tmp_path).models["churn"]
    assert report.positives >= 20
    assert report.auc == pytest.approx(0.5, abs=1e-9)


def test_a_score_sees_nothing_of_another_payer(tmp_path: Path) -> None:
    """Every second line is paid by somebody else: its overage is hidden, all these lines score the same."""
    with _history() as con:
        report = _train(con, _project(tmp_path, "line.overage, line.days"), tmp_path).models["churn"]
    assert report.auc is not None
    assert report.auc > 0.6
    scores = pl.read_parquet(tmp_path / "train" / "scores.parquet")
    number = scores["id"].str.strip_prefix("l:").cast(pl.Int64)
    elsewhere = scores.filter((number % 2 == 0) & (number > 0))["score"]
    assert elsewhere.n_unique() == 1
    assert scores.filter(number % 2 == 1)["score"].n_unique() == 2


def test_everything_that_is_kept_can_be_read(tmp_path: Path) -> None:
    """Reports, the model, the score's catalogue entry; a score for each living line, and only for those."""
    with _history() as con:
        report = _train(con, _project(tmp_path, "line.overage"), tmp_path)
        living = con.execute("SELECT count(*) FROM line WHERE ended_on IS NULL").fetchall()[0][0]
    kept = json.loads((tmp_path / "train" / "models.json").read_text())
    assert kept["churn"]["auc_low"] == report.models["churn"].auc_low
    assert kept["churn"]["trained_as_of"] == DAY.isoformat()
    assert (tmp_path / "train" / "churn.json").is_file()
    assert report.scores == living
    assert "score.churn" in load_catalogue(tmp_path / "features", tmp_path / "train").features


def test_objectors_are_neither_learnt_from_nor_scored(tmp_path: Path) -> None:
    """Who refuses profiling is in no training row and has no score."""
    with _history() as con:
        everybody = _train(con, _project(tmp_path, "line.overage"), tmp_path)
        insert(con, "consent", *({"party_id": f"crm:{n}", "purpose": "profiling", "channel": "any", "granted": False,
                                  "at": at(TODAY, 1)} for n in range(100)))  # fmt: skip
        fewer = _train(con, tmp_path, tmp_path / "again")
    assert fewer.models["churn"].rows == everybody.models["churn"].rows - 100
    scored = pl.read_parquet(tmp_path / "again" / "train" / "scores.parquet")["id"].to_list()
    assert not {f"l:{n}" for n in range(100)} & set(scored)


def test_a_cross_section_learns_from_today(tmp_path: Path) -> None:
    """Without a horizon features and labels are of the same day; a label may lie in what features do not see."""
    model = MODEL.replace("horizon_days: 90\n", "validation: quarters\n")
    project = _project(tmp_path, "line.overage", model)
    (project / "models" / "t.sql").write_text("SELECT line_id AS id, ended_on IS NOT NULL AS label FROM line")
    with _history() as con:
        con.execute("UPDATE line SET ended_on = DATE '2026-03-03' WHERE ended_on IS NOT NULL").fetchall()
        con.execute("DELETE FROM line_user").fetchall()
        con.execute(
            "INSERT INTO line_user SELECT line_id, replace(line_id, 'l:', 'P-'), 1 FROM line"
        ).fetchall()
        report = _train(con, project, tmp_path).models["churn"]
    assert (report.rows, report.folds, report.horizon_days) == (400, 4, None)
    assert report.auc is not None
    assert report.auc > 0.6


def test_too_little_history_is_absence(tmp_path: Path) -> None:
    """With forty lines nothing is learnt: a report that says so, no scores, and the step succeeds."""
    with _history(40) as con:
        report = _train(con, _project(tmp_path, "line.overage"), tmp_path)
    assert "are needed" in report.models["churn"].absent
    assert report.scores == 0
    assert not (tmp_path / "train" / "churn.json").exists()
