"""Small hand-made markets: canonical tables that a test fills row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from hogar.households import Options, ResolveReport, resolve
from hogar.telco.tables import TABLES

SQL_TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
NOW = date(2026, 3, 2)
EARLIER = datetime(2026, 1, 15, 12, tzinfo=UTC)


@dataclass
class Market:
    """Rows of canonical tables, and what a resolution finds in them."""

    folder: Path
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def add(self, table: str, **row: Any) -> None:
        self.rows.append((table, row))

    def person(self, party_id: str, name: str, **more: Any) -> None:
        """A party whose name is written `First Last Second`."""
        first, last, *second = name.split()
        self.add(
            "person",
            **{
                "party_id": party_id,
                "kind": "person",
                "first_name": first,
                "last_name": last,
                "second_last_name": second[0] if second else None,
                **more,
            },
        )

    def home(self, party_id: str, street: str, number: str, unit: str | None = None, **more: Any) -> None:
        row = {"kind": "home", "postcode": "28001", "city": "Madrid", **more}
        self.add("address", party_id=party_id, street=street, number=number, unit=unit, **row)

    def line(
        self, line_id: str, holder: str, *, payer: str | None = None, kind: str = "mobile_postpaid"
    ) -> None:
        """A line with, where somebody pays, that person's account."""
        account = f"account:{payer}" if payer else None
        if payer and not any(
            row.get("account_id") == account for table, row in self.rows if table == "account"
        ):
            self.add("account", account_id=account, payer_party_id=payer)
        self.add(
            "line",
            line_id=line_id,
            kind=kind,
            holder_party_id=holder,
            account_id=account,
            started_on=date(2020, 1, 1),
        )

    def top_ups(self, line_id: str, count: int, **more: Any) -> None:
        for number in range(count):
            row = {"top_up_id": f"{line_id}/{number}", "at": EARLIER, "amount_cents": 1000, **more}
            self.add("top_up", line_id=line_id, **row)

    def consent(self, party_id: str, purpose: str, granted: bool, at: datetime = EARLIER) -> None:
        self.add("consent", party_id=party_id, purpose=purpose, channel="any", granted=granted, at=at)

    def say(self, kind: str, party_id: str, other: str | None = None, **more: Any) -> None:
        number = f"d{len(self.rows)}"
        row = {"at": EARLIER, **more}
        self.add(
            "declaration", declaration_id=number, kind=kind, party_id=party_id, other_party_id=other, **row
        )

    def connect(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        con.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            columns = ", ".join(f'"{column.name}" {SQL_TYPES[column.type]}' for column in table.columns)
            con.execute(f'CREATE TABLE "{table.name}" ({columns})')
        for name, row in self.rows:
            columns = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" for _ in row)
            con.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(row.values()))
        return con

    def resolve(self, unit: Any = "household") -> ResolveReport:
        return resolve(con=self.connect(), now=NOW, options=Options(unit=unit), out=self.folder)

    def read(self, name: str) -> list[dict[str, Any]]:
        return pq.read_table(self.folder / f"{name}.parquet").to_pylist()

    def homes(self) -> dict[str, str]:
        """The household of each party."""
        of_person = {row["person_id"]: row["household_id"] for row in self.read("membership")}
        return {row["party_id"]: of_person[row["person_id"]] for row in self.read("party_person")}

    def pair(self, a: str, b: str) -> dict[str, Any]:
        """The pair of these parties' persons."""
        person = {row["party_id"]: row["person_id"] for row in self.read("party_person")}
        wanted = sorted([person[a], person[b]])
        [row] = [one for one in self.read("pair") if [one["person_a"], one["person_b"]] == wanted]
        return row


@pytest.fixture
def market(tmp_path: Path) -> Market:
    """An empty market."""
    return Market(tmp_path / "resolve")


def family(market: Market, number: int = 1, street: str = "Mayor") -> None:
    """Two parents and a grown-up child in one flat; he pays all bills."""
    for party, name, born in (("he", "Juan Robles Prieto", 1970), ("she", "Ana Cobos Marin", 1972)):
        market.person(f"crm:{party}{number}", name, birth_date=date(born, 5, number % 28 + 1))
    market.person(f"crm:child{number}", "Eva Robles Cobos", birth_date=date(2001, 7, number % 28 + 1))
    for party in ("he", "she", "child"):
        market.home(f"crm:{party}{number}", street, str(number), "2A")
        market.line(f"line:{party}{number}", f"crm:{party}{number}", payer=f"crm:he{number}")
