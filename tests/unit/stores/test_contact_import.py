"""Contacts of other systems count like ours, and each is taken over once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hogar.stores.contact_import import import_contacts
from hogar.stores.ledger import Ledger
from hogar.stores.moment import to_micros

AT = datetime(2026, 2, 1, 9, 30)  # noqa: DTZ001 - as ingest writes it: UTC without a zone


def test_each_contact_is_taken_over_once(tmp_path: Path) -> None:
    """The same file again adds nothing; a longer one adds what is new."""
    columns = (
        "contact_id",
        "party_id",
        "channel",
        "message_class",
        "at",
        "campaign",
        "outcome",
        "_file",
        "_row",
    )
    rows = [(f"c{n}", "crm:1", "sms", "marketing", AT, None, None, "f.csv", n) for n in range(3)]

    def write(count: int) -> Path:
        path = tmp_path / "contact.parquet"
        pq.write_table(
            pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows[:count]]), path
        )
        return path

    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert [import_contacts(ledger, write(count)) for count in (2, 2, 3)] == [2, 0, 1]
        contacts = ledger.contacts(["crm:1"], 0)
    assert [contact.at for contact in contacts] == [to_micros(AT.replace(tzinfo=UTC))] * 3
    assert {(contact.kind, contact.action) for contact in contacts} == {("contact", "")}
