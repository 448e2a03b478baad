"""What does a resolution keep for the next one? Every table that it went through, in one DuckDB file beside its result.

The file is a cache: without it, or where it is of other code, options, judgements, models or of another day, the next
resolution runs in full. Canonical tables are kept too, gated and cut to the columns that resolving reads: so a later
run can tell which rows are new. Before: `resolve`; after: `incremental`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

import duckdb

from hogar.households.constants import KINDS
from hogar.households.earlier import models_bytes
from hogar.households.mixture import Models
from hogar.households.options import Options

FILE = "again.duckdb"
INPUTS: dict[str, tuple[str, ...]] = {
    "person": (
        "party_id", "kind", "national_id", "registration_number", "first_name", "last_name", "second_last_name",
        "birth_date", "email_hash",
    ),
    "address": ("party_id", "kind", "street", "number", "unit", "postcode", "city"),
    "account": ("account_id", "payer_party_id", "payment_token"),
    "line": ("line_id", "kind", "holder_party_id", "account_id", "started_on", "ended_on"),
    "consent": ("party_id", "purpose", "channel", "granted", "at"),
    "declaration": ("kind", "party_id", "other_party_id", "line_id", "role", "at"),
    "selfcare_login": ("party_id", "line_id"),
    "ticket": ("party_id", "line_id", "topic"),
    "order": ("party_id", "line_id"),
    "top_up": ("line_id", "payer_party_id", "payment_token"),
    "tie_month": ("line_id", "other_line_id", "month", "calls", "texts", "minutes", "evening_share"),
    "device_use": ("device_id", "line_id", "first_seen", "last_seen"),
    "bill": ("line_id", "data_gb_used"),
    "web_event": ("party_id", "topic"),
    "place_night": ("line_id", "day", "place_id"),
}  # fmt: skip
STEPS = (
    "party", "party_key", "name", "party_alike", "party_link", "party_person",
    "objector", "traffic_consenter", "individual", "home", "candidate_key",
    "person_line", "line_guess", "heard", "surname", "building", "payment_token",
    "account_link", "top_up_link", "care_link", "tie_link", "declared_link", "contact", "device_link", "night",
    "judged_link", "candidate", "chain", "first_pair", "fellow", "pair_among", "membership",
    "line_manager", "line_filler", "line_claim", "register", "line_candidate", "line_user",
    "adviser", "adviser_edge", "role_fact", "role", "depends", "edge",
)  # fmt: skip


def named(columns: Sequence[str]) -> str:
    """The columns as SQL names them."""
    return ", ".join(f'"{column}"' for column in columns)


_LEVELS = named(("person_a", "person_b", *(kind.name for kind in KINDS), "declared", "judged", "contract"))
_OTHERWISE = {  # what is called otherwise, or overwritten, in a full run
    "candidate": "FROM temp.first_candidate",
    "chain": "FROM temp.candidate",
    "pair_among": f"SELECT {_LEVELS}, probability FROM temp.pair_among",
    "first_pair": f"""
        SELECT * REPLACE (NULL::INTEGER AS third, NULL::INTEGER AS rival)
        FROM (SELECT {_LEVELS}, probability FROM temp.pair_among)
    """,
}


def mark(*, now: date, options: Options, judgements: Sequence[Path], models: Models) -> str:
    """What two resolutions must have in common, so that one can go on from the other's tables."""
    parts = [_code(), repr((duckdb.__version__, now, options)).encode(), models_bytes(models)]
    parts += [path.read_bytes() for path in sorted(judgements)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def keep(con: duckdb.DuckDBPyConnection, folder: Path, said: str) -> None:
    """Write the tables of the steps on `con`, which ran in full, and the canonical ones, into this folder."""
    path = folder / FILE
    path.unlink(missing_ok=True)
    attach(con, path)
    try:
        con.begin()
        for name, columns in INPUTS.items():
            con.execute(f'CREATE TABLE kept."{name}" AS SELECT {named(columns)} FROM "{name}"')
        for name in STEPS:
            con.execute(f"CREATE TABLE kept.{name} AS {_OTHERWISE.get(name, f'FROM temp.{name}')}")
        con.execute("CREATE TABLE kept.said AS SELECT $said AS said", {"said": said})
        con.commit()
    finally:
        con.execute("DETACH kept")


def usable(folder: Path, said: str) -> bool:
    """Whether this folder holds the tables of a resolution of the same mark."""
    path = folder / FILE
    if not path.is_file():
        return False
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            return con.execute("SELECT said FROM said").fetchall() == [(said,)]
    except duckdb.Error:
        return False


def attach(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Open the file as the database `kept`."""
    quoted = str(path).replace("'", "''")
    con.execute(f"ATTACH '{quoted}' AS kept")


@cache
def _code() -> bytes:
    """All code and queries that a resolution consists of."""
    folder = resources.files("hogar.households")
    files = [*folder.iterdir(), *(folder / "sql").iterdir()]
    texts = {file.name: file.read_bytes() for file in files if file.name.endswith((".py", ".sql"))}
    return b"".join(hashlib.sha256(name.encode() + texts[name]).digest() for name in sorted(texts))
