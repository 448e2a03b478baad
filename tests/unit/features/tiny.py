"""A market of two homes, written by hand: canonical tables and households on a connection, to ask features of.

He (crm:he) holds ADSL and a mobile line and pays both; she (prepaid:she) has a prepaid line that he tops up; their
grown-up son (crm:son) lives elsewhere, is their adviser, and left us in January with one of his two lines.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import polars as pl

from hogar.telco.tables import TABLES

TODAY = date(2026, 3, 2)
TYPES = {
    "text": "VARCHAR", "integer": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
    "timestamp": "TIMESTAMP",
}  # fmt: skip
RESOLVED = {
    "party_person": "party_id VARCHAR, person_id VARCHAR",
    "membership": "person_id VARCHAR, household_id VARCHAR, probability DOUBLE",
    "household": "household_id VARCHAR, anchor VARCHAR",
    "line_user": "line_id VARCHAR, person_id VARCHAR, probability DOUBLE",
    "role": "person_id VARCHAR, role VARCHAR, probability DOUBLE, source VARCHAR",
    "adviser": "person_id VARCHAR, adviser_person_id VARCHAR",
    "consented_line": "line_id VARCHAR, purpose VARCHAR",
    "offnet": "number_id VARCHAR, household_id VARCHAR, probability DOUBLE, members BIGINT",
}
MONTHS = [date(2025, month, 1) for month in range(9, 13)] + [date(2026, 1, 1), date(2026, 2, 1)]


def empty_market() -> duckdb.DuckDBPyConnection:
    """Every canonical table and every table of the households, without a row."""
    con = duckdb.connect()
    for table in TABLES:
        columns = ", ".join(f'"{column.name}" {TYPES[column.type]}' for column in table.columns)
        con.execute(f'CREATE TABLE "{table.name}" ({columns})').fetchall()
    for name, columns in RESOLVED.items():
        con.execute(f"CREATE TABLE {name} ({columns})").fetchall()
    return con


def insert(con: duckdb.DuckDBPyConnection, table: str, *rows: dict[str, Any]) -> None:
    """Add rows; columns that are not named are empty."""
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        con.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values())).fetchall()


def insert_all(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Add many rows of the same columns at once."""
    con.register("many", pl.DataFrame(rows, infer_schema_length=None).to_arrow())
    con.execute(f'INSERT INTO "{table}" BY NAME FROM many').fetchall()
    con.unregister("many")


def at(day: date, hour: int = 12) -> datetime:
    """A moment of a day."""
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 (canonical moments carry no zone)


def tiny_market() -> duckdb.DuckDBPyConnection:
    """The market of the module's docstring."""
    con = empty_market()
    _people(con)
    _lines(con)
    _money(con)
    _catalogue(con)
    insert(
        con, "usage_day",
        *({"line_id": "l:he", "day": date(2026, 1, 10) + timedelta(days=n), "data_mb": 0.0, "voice_min": 1.0,
           "roaming_mb": 200.0, "country": "US"} for n in range(10)),
        {"line_id": "l:he", "day": date(2026, 2, 27), "data_mb": 100.0, "voice_min": 1.0},
    )  # fmt: skip
    for number, (party, topic, day) in enumerate(
        [("crm:he", "plans", date(2026, 2, 28)), ("crm:he", "devices", date(2026, 2, 1)),
         ("crm:he", "devices", date(2026, 2, 20)), ("crm:minor", "devices", date(2026, 2, 28))]
    ):  # fmt: skip
        insert(
            con, "web_event", {"web_event_id": f"v{number}", "party_id": party, "topic": topic, "at": at(day)}
        )
    insert(
        con, "ticket",
        {"ticket_id": "t1", "party_id": "crm:he", "kind": "complaint", "opened_at": at(date(2026, 2, 10))},
        {"ticket_id": "t2", "party_id": "crm:he", "kind": "complaint", "opened_at": at(date(2025, 11, 1)),
         "closed_at": at(date(2026, 1, 5))},
    )  # fmt: skip
    return con


def _people(con: duckdb.DuckDBPyConnection) -> None:
    people = [("crm:he", "P-1", "H-1", 1965), ("prepaid:she", "P-2", "H-1", 1967), ("crm:son", "P-3", "H-2", 1993),
              ("crm:minor", "P-4", "H-2", 2012)]  # fmt: skip
    for party, person, household, year in people:
        insert(
            con,
            "person",
            {"party_id": party, "kind": "person", "birth_date": date(year, 5, 5), "language": "es"},
        )
        insert(con, "party_person", {"party_id": party, "person_id": person})
        insert(con, "membership", {"person_id": person, "household_id": household, "probability": 0.97})
    insert(
        con,
        "household",
        {"household_id": "H-1", "anchor": "crm:he"},
        {"household_id": "H-2", "anchor": "crm:son"},
    )
    insert(con, "address", {"party_id": "crm:he", "kind": "home", "postcode": "28001"})
    insert(con, "serviceability", {"postcode": "28001", "technology": "fibre", "available": True})
    insert(con, "adviser", {"person_id": "P-1", "adviser_person_id": "P-3"})
    insert(
        con,
        "role",
        {"person_id": "P-1", "role": "financial_controller", "probability": 0.9, "source": "holder"},
    )
    yes = {"granted": True, "at": at(date(2024, 1, 1))}
    insert(
        con, "consent",
        {"party_id": "crm:he", "purpose": "traffic", "channel": "any", **yes},
        {"party_id": "crm:he", "purpose": "marketing", "channel": "any", **yes},
        {"party_id": "crm:he", "purpose": "marketing", "channel": "sms", "granted": False, "at": at(date(2025, 1, 1))},
        {"party_id": "prepaid:she", "purpose": "marketing", "channel": "email", **yes},
        {"party_id": "crm:son", "purpose": "marketing", "channel": "any", **yes},
        {"party_id": "crm:son", "purpose": "profiling", "channel": "any", "granted": False, "at": at(TODAY, 1)},
    )  # fmt: skip


def _lines(con: duckdb.DuckDBPyConnection) -> None:
    insert(con, "account", {"account_id": "a1", "payer_party_id": "crm:he", "payment_token": "token-1"},
           {"account_id": "a3", "payer_party_id": "crm:son", "payment_token": "token-3"})  # fmt: skip
    lines = [
        ("l:adsl", "broadband", "crm:he", "a1", date(2020, 1, 15), None, "ADSL-20"),
        ("l:he", "mobile_postpaid", "crm:he", "a1", date(2021, 3, 2), None, "MOB-M"),
        ("l:she", "mobile_prepaid", "prepaid:she", None, date(2022, 1, 1), None, "PRE-B"),
        ("l:son", "mobile_postpaid", "crm:son", "a3", date(2022, 1, 1), None, "MOB-S"),
        ("l:gone", "mobile_postpaid", "crm:son", "a3", date(2022, 1, 1), date(2026, 1, 20), "MOB-S"),
        ("l:minor", "mobile_postpaid", "crm:son", "a3", date(2025, 1, 1), None, "MOB-S"),
    ]
    for id, kind, holder, account, started, ended, offer in lines:
        insert(con, "line", {"line_id": id, "kind": kind, "holder_party_id": holder, "account_id": account,
                             "commitment_until": date(2026, 4, 1), "started_on": started,
                             "ended_on": ended})  # fmt: skip
        insert(con, "line_offer", {"line_id": id, "offer_id": offer, "since": started, "until": ended})
    users = {"l:adsl": "P-1", "l:he": "P-1", "l:she": "P-2", "l:son": "P-3", "l:minor": "P-4"}
    for line, user in users.items():
        insert(con, "line_user", {"line_id": line, "person_id": user, "probability": 0.9})


def _money(con: duckdb.DuckDBPyConnection) -> None:
    for month in MONTHS:
        for line, account, fee, over, used, allowed in (
            ("l:adsl", "a1", 3200, 0, None, None), ("l:he", "a1", 1800, 0, 4.0, 10.0),
            ("l:son", "a3", 1200, 600, 5.0, 3.0), ("l:gone", "a3", 1200, 0, 1.0, 3.0),
            ("l:minor", "a3", 1200, 0, 0.5, 3.0),
        ):  # fmt: skip
            if line != "l:gone" or month < date(2026, 1, 1):
                insert(con, "bill", {
                    "bill_id": f"{line}:{month}", "account_id": account, "line_id": line, "month": month,
                    "fee_cents": fee, "overage_cents": over, "data_gb_used": used, "data_gb_allowed": allowed,
                })  # fmt: skip
        for day, cents, how in (
            (5, 1000, {"payer_party_id": "crm:he"}),
            (20, 500, {"payment_token": "token-1"}),
        ):
            insert(con, "top_up", {"top_up_id": f"{month}:{day}", "line_id": "l:she", "at": at(month.replace(day=day)),
                                   "amount_cents": cents, **how})  # fmt: skip


def _catalogue(con: duckdb.DuckDBPyConnection) -> None:
    offers: list[tuple[str, str, dict[str, Any], dict[str, int]]] = [
        ("MOB-S", "mobile", {"mobile_lines": 1, "data_gb": 3.0}, {"monthly": 1200, "per_gb": 300}),
        ("MOB-M", "mobile", {"mobile_lines": 1, "data_gb": 10.0}, {"monthly": 1800, "per_gb": 300}),
        ("MOB-U", "mobile", {"mobile_lines": 1}, {"monthly": 3500}),
        ("PRE-B", "mobile", {"mobile_lines": 1, "prepaid": True}, {"per_gb": 400}),
        ("ADSL-20", "broadband", {"technology": "adsl"}, {"monthly": 3200}),
        ("FIB-300", "broadband", {"technology": "fibre"}, {"monthly": 3500}),
        ("TV-BASIC", "tv", {}, {"monthly": 1000}),
        ("HOGAR-2", "bundle", {"mobile_lines": 2, "technology": "fibre", "tv": True, "data_gb": 60.0},
         {"monthly": 6900, "per_gb": 300}),
        ("ROAM-2GB-7", "roaming", {"data_gb": 2.0, "validity_days": 7}, {"one_time": 1000}),
        ("ROAM-2GB-14", "roaming", {"data_gb": 2.0, "validity_days": 14}, {"one_time": 1400}),
        ("ROAM-PPU", "roaming", {"on_sale": False}, {"per_gb": 2000}),
        ("INS-DEVICE", "add_on", {}, {"monthly": 600}),
    ]  # fmt: skip
    for id, kind, more, prices in offers:
        insert(con, "offer", {"offer_id": id, "name": id, "kind": kind, "on_sale": True, **more})
        for price, cents in prices.items():
            insert(con, "offer_price", {"offer_id": id, "kind": price, "amount_cents": cents})
    for other in ("MOB-S", "MOB-M", "PRE-B", "ADSL-20"):
        insert(con, "offer_rule", {"offer_id": "HOGAR-2", "rule": "migrates", "other_offer_id": other})
    insert(con, "offer_rule", {"offer_id": "TV-BASIC", "rule": "requires", "other_offer_id": "FIB-300"})
    insert(con, "order", {"order_id": "o1", "party_id": "prepaid:she", "offer_id": "TV-BASIC", "state": "open",
                          "ordered_at": at(date(2026, 2, 25))},
           {"order_id": "o2", "party_id": "crm:he", "offer_id": "FIB-300", "state": "cancelled",
            "ordered_at": at(date(2026, 2, 25))})  # fmt: skip


def rows(table: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """A table of features by id."""
    return {row["id"]: row for row in table.to_dicts()}
