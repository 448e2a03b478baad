"""What did other systems say to our customers? Their contacts, from ingest's table into the ledger, each once.

Reads `contact.parquet`; adds what is new to the table `contact`, where caps count it like our own. Before: ingest.
After: gather.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from hogar.stores.ledger import ImportedContact, Ledger
from hogar.stores.moment import to_micros

ORIGIN = "silo"
BATCH_ROWS = 8192


def import_contacts(ledger: Ledger, path: Path) -> int:
    """Add the contacts of this Parquet file that the ledger does not have yet; how many were new.

    The key is `contact_id`. Moments without a zone are UTC, as ingest writes them.
    """
    columns = ["contact_id", "party_id", "channel", "message_class", "at", "campaign"]
    new = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH_ROWS, columns=columns):
            new += ledger.import_contacts(ORIGIN, _contacts(batch.to_pylist()))
    return new


def _contacts(rows: list[dict[str, Any]]) -> Iterator[ImportedContact]:
    for row in rows:
        at: datetime = row["at"]
        yield ImportedContact(
            id=row["contact_id"], party_id=row["party_id"], channel=row["channel"],
            message_class=row["message_class"], campaign=row["campaign"] or "",
            at=to_micros(at if at.tzinfo is not None else at.replace(tzinfo=UTC)),
        )  # fmt: skip
