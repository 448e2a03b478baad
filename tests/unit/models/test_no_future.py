"""Signals that only the future knows, planted in every table with a time: from them nothing can be foretold."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from tests.unit.features.tiny import TODAY, at, empty_market, insert_all

from hogar.build.training import train_models
from hogar.features import compute, compute_entities
from hogar.models import LEARNERS
from hogar.models.measure import measure

DAY = TODAY - timedelta(days=90)
TARGET = "SELECT line_id AS id, coalesce(ended_on <= :as_of + :horizon_days, false) AS label FROM line"
BY_LINE = {
    "bill": "count(*) AS n, max(month) AS latest, sum(overage_cents) AS total",
    "usage_day": "count(*) AS n, max(day) AS latest, sum(data_mb) AS total",
    "top_up": 'count(*) AS n, max("at")::DATE AS latest, sum(amount_cents) AS total',
    "ticket": "count(*) FILTER (closed_at IS NULL) AS n, max(closed_at)::DATE AS latest, count(*) AS total",
    "line_offer": "count(*) FILTER (until IS NULL) AS n, max(until) AS latest, count(*) AS total",
    "order": "count(*) FILTER (state = 'cancelled') AS n, max(ordered_at)::DATE AS latest, count(*) AS total",
    "event": "count(*) AS n, max(\"at\")::DATE AS latest, max(json_extract(data, '$.n')::DOUBLE) AS total",
    "device_use": "count(*) AS n, max(last_seen) AS latest, count(DISTINCT model) AS total",
    "place_month": "count(*) AS n, max(month) AS latest, sum(days) AS total",
    "place_night": "count(*) AS n, max(day) AS latest, count(*) AS total",
    "selfcare_login": "count(*) AS n, NULL::DATE AS latest, sum(logins_90d) AS total",
    "line": "count(ended_on) AS n, max(ended_on) AS latest, count(end_reason) AS total",
    "line_user": "count(*) AS n, NULL::DATE AS latest, count(DISTINCT person_id) AS total",
}
BY_PARTY = {
    "contact": "count(*) FILTER (outcome = 'declined') AS n, max(\"at\")::DATE AS latest, count(outcome) AS total",
    "consent": 'count(*) FILTER (NOT granted) AS n, max("at")::DATE AS latest, count(*) AS total',
    "declaration": 'count(*) AS n, max("at")::DATE AS latest, count(DISTINCT kind) AS total',
    "web_event": 'count(*) AS n, max("at")::DATE AS latest, count(DISTINCT topic) AS total',
    "address": "count(*) AS n, max(valid_from) AS latest, count(DISTINCT postcode) AS total",
    "role": "count(*) AS n, NULL::DATE AS latest, max(probability) AS total",
    "adviser": "count(*) AS n, NULL::DATE AS latest, count(*) AS total",
}
COUNTERS = """
entity: line
fields: {n: number}
counters:
  live_n: {event: a.b, count: events, over: 366 days, help: events}
  live_max: {event: a.b, max: n, over: 30 days, help: the greatest}
"""


def _project(folder: Path) -> list[str]:
    """A feature of every table, three looks at each, and live counters; the names of all."""
    names = []
    for kind, tables in (("line", BY_LINE), ("person", BY_PARTY)):
        for table, aggregates in tables.items():
            key, source = ("line_id", f'"{table}"') if kind == "line" else (
                "person_id", f'{table} JOIN party_person USING (party_id)')  # fmt: skip
            if table in ("role", "adviser"):
                source = table
            sql = f"SELECT {key} AS id, {aggregates} FROM {source} GROUP BY {key}"
            for name in ("n", "latest", "total"):
                sql = sql.replace(f" AS {name}", f" AS {table}_{name}")
                names.append(f"{kind}.{table}_{name}")
            described = "".join(
                f"  {table}_{name}: {{type: {'date' if name == 'latest' else 'number'}, help: x}}\n"
                for name in ("n", "latest", "total")
            )
            _write(folder / f"features/{kind}_{table}.sql", sql)
            _write(
                folder / f"features/{kind}_{table}.yml",
                f"purposes: [contract, marketing]\nfeatures:\n{described}",
            )
    _write(folder / "features/live/line.yml", COUNTERS)
    names += ["line.live_n", "line.live_max"]
    names = [name for name in names if not name.endswith("_latest")]  # no model learns from a date
    _write(folder / "models/t.sql", TARGET)
    _write(folder / "models/churn.yml",
           f"entity: line\ntarget: models/t.sql\nhorizon_days: 90\nfeatures: [{', '.join(names)}]\n")  # fmt: skip
    return names


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _history(lines: int = 900) -> duckdb.DuckDBPyConnection:
    """Lines that are alike until the day; what is written afterwards says of each whether it leaves."""
    rng = np.random.default_rng(11)
    rows: dict[str, list[dict[str, Any]]] = {}

    def add(table: str, **values: Any) -> None:
        rows.setdefault(table, []).append(values)

    then, soon = DAY - timedelta(days=20), DAY + timedelta(days=3)
    for number in range(lines):
        leaves = bool(rng.random() < 0.3)
        party, person, line = f"crm:{number}", f"P-{number}", f"l:{number}"
        ended = DAY + timedelta(days=40) if leaves else None
        add("person", party_id=party, birth_date=date(1980, 1, 1))
        add("party_person", party_id=party, person_id=person)
        add("membership", person_id=person, household_id=f"H-{number}", probability=1.0)
        add("line", line_id=line, kind="mobile_postpaid", holder_party_id=party, account_id=f"a{number}",
            started_on=date(2022, 1, 1), ended_on=ended, end_reason="port_out" if leaves else None)  # fmt: skip
        add("account", account_id=f"a{number}", payer_party_id=party)
        add("ticket", ticket_id=f"t{number}", party_id=party, line_id=line, kind="complaint", opened_at=at(then),
            closed_at=at(soon) if leaves else None)  # fmt: skip
        add("line_offer", line_id=line, offer_id="M", since=date(2022, 1, 1), until=ended)
        add("order", order_id=f"o{number}", party_id=party, line_id=line, offer_id="X", ordered_at=at(then),
            state="cancelled" if leaves else "done")  # fmt: skip
        add("contact", contact_id=f"k{number}", party_id=party, channel="sms", message_class="marketing",
            at=at(then), outcome="declined" if leaves else "accepted")  # fmt: skip
        add("device_use", line_id=line, device_id=f"d{number}", model="A", first_seen=then,
            last_seen=soon if leaves else TODAY)  # fmt: skip
        if not leaves:
            add("line_user", line_id=line, person_id=person)
            add("selfcare_login", party_id=party, line_id=line, logins_90d=9)
            add("role", person_id=person, role="consumer", probability=0.9, source="inferred")
        for days in (5, 15, 25) if leaves else ():
            _afterwards(add, number, DAY + timedelta(days=days))
    con = empty_market()
    for table, found in rows.items():
        insert_all(con, table, found)
    return con


def _afterwards(add: Any, number: int, day: date) -> None:
    """What who leaves does after the day, in every table that can say it."""
    party, person, line, moment, key = (
        f"crm:{number}",
        f"P-{number}",
        f"l:{number}",
        at(day),
        f"{number}-{day}",
    )
    add("bill", bill_id=key, account_id=f"a{number}", line_id=line, month=day.replace(day=1), fee_cents=1,
        overage_cents=99999)  # fmt: skip
    add("usage_day", line_id=line, day=day, data_mb=1e6, voice_min=0.0)
    add("top_up", top_up_id=key, line_id=line, at=moment, amount_cents=99999)
    add("event", source="/x", event_id=key, type="a.b", at=moment, line_id=line, data='{"n": 99}')
    add("web_event", web_event_id=key, party_id=party, at=moment, topic="port_out")
    add("declaration", declaration_id=key, party_id=party, kind="adviser", other_party_id="crm:0", at=moment)
    add("adviser", person_id=person, adviser_person_id="P-0")
    add("consent", party_id=party, purpose="marketing", channel="any", granted=False, at=moment)
    add("address", party_id=party, kind="home", postcode="99999", valid_from=day)
    add("place_month", line_id=line, month=day.replace(day=1), hour_class="night", place_id="far", days=30)
    add("place_night", line_id=line, day=day, place_id="far")


def test_nothing_can_be_foretold_from_what_only_the_future_knows(tmp_path: Path) -> None:
    """An AUC whose interval has 0.5 in it, and no row that differs; with today's eyes the same features know all."""
    names = _project(tmp_path)
    with _history() as con:
        compute(con=con, project=tmp_path, as_of=TODAY, out=tmp_path / "features")
        report = train_models(con=con, project=tmp_path, features=tmp_path / "features", as_of=TODAY,
                              out=tmp_path / "train").models["churn"]  # fmt: skip
        then = compute_entities(con=con, project=tmp_path, as_of=DAY, extracted=TODAY)
        peeking = compute_entities(
            con=con, project=tmp_path, as_of=TODAY + timedelta(days=1), extracted=TODAY
        )
        label = pl.DataFrame(
            con.sql("SELECT line_id AS id, ended_on IS NOT NULL AS label FROM line").to_arrow_table()
        )
    assert (report.rows, report.auc is None) == (900, False), report
    assert report.auc_low is not None
    assert report.auc_high is not None
    assert report.auc is not None
    assert report.auc_low - 1e-9 <= 0.5 <= report.auc_high + 1e-9
    assert abs(report.auc - 0.5) < 0.05
    for entity in ("line", "person"):
        values = then[entity].drop("id")
        assert values.n_unique() == 1, [name for name in values.columns if values[name].n_unique() > 1]
    assert _known(peeking["person"], label, [n for n in names if n.startswith("person.")]) > 0.99


def _known(table: pl.DataFrame, label: pl.DataFrame, names: list[str]) -> float:
    """The AUC of a model that learns from these features on the rows that it is judged on."""
    rows = table.select("id", *(pl.col(name.partition(".")[2]).alias(name) for name in names))
    both = label.with_columns(pl.col("id").str.replace("l:", "P-")).join(rows, on="id", how="inner")
    truth = both["label"].cast(pl.Float64).to_numpy()
    fitted = LEARNERS["logistic"](both.select(names), truth, 0)
    return measure(truth, fitted.predict(both.select(names))).auc
