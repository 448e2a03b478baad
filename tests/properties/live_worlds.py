"""Random events about a market of two homes, and counters of every fold, entity and unit, for the tests of parity."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import msgspec
import polars as pl

from hogar.telco.catalogue import Entity, FeatureType
from hogar.telco.live import Consent, Counter, Fold
from hogar.telco.tables import TABLES

DAY = date(2026, 3, 2)
FIELDS: tuple[tuple[str, FeatureType], ...] = (("mb", "number"), ("topic", "text"), ("paid", "boolean"))
PEOPLE = {"crm:a": "P-1", "web:a": "P-1", "crm:b": "P-2", "crm:c": "P-3", "crm:minor": "P-4"}
HOMES = {"P-1": "H-1", "P-2": "H-1", "P-3": "H-2", "P-4": "H-2"}
USERS = {"l:1": "P-1", "l:2": "P-2", "l:3": "P-3", "l:4": "P-1", "l:minor": "P-4", "l:nobody": None}
CONSENTS: tuple[Consent, ...] = ("", "traffic")
CONSENTED = ("l:1", "l:3", "l:minor")
TYPES = ("a.visited", "a.used")
TOPICS = ("plans", "devices", "Ünïcode", "it's", "")
ODD: tuple[Any, ...] = (None, True, "7", [1], {"mb": 1}, 1e300, -0.0, 123456789012345678901234567890)


def counters(seed: int) -> tuple[Counter, ...]:
    """Every fold over every entity, in hours and in days; condition and consent by chance."""
    entities: tuple[Entity, ...] = ("line", "person", "household")
    whens = ("", "event.topic = 'plans' or event.mb > 5", "event.paid is null and event.mb between 1 and 9")
    folds: tuple[tuple[Fold, str, FeatureType], ...] = (
        ("count", "", "number"), ("sum", "mb", "number"), ("max", "mb", "number"), ("distinct", "topic", "number"),
        ("last", "mb", "number"), ("last", "topic", "text"), ("last", "paid", "boolean"),
    )  # fmt: skip
    rng = random.Random(seed)
    return tuple(
        Counter(
            entity=entity, name=f"{fold}_{of}_{hours}h", fold=fold, of=of, type=type_, hours=hours,
            event=rng.choice(TYPES), when=rng.choice(whens), fields=FIELDS, consent=rng.choice(CONSENTS),
            one_of=TOPICS[:4] if type_ == "text" else (),
        )
        for entity in entities
        for fold, of, type_ in folds
        for hours in (5, rng.choice((24, 14 * 24)))
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One event: `about` is a line or a party."""

    source: str
    id: str
    type: str
    at: datetime
    about: str
    data: dict[str, Any]


def happened(seed: int, count: int = 300) -> list[Happened]:
    """Events around the window's edges, many at the same moment, some with odd values."""
    rng = random.Random(seed)
    end = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(days=1)
    edges = [end - timedelta(hours=hours) for hours in (0, 5, 24, 14 * 24)]
    found = []
    for number in range(count):
        at = rng.choice(edges) + timedelta(microseconds=rng.choice((-1, 0, 1, 1_000_000, -3_600_000_000)))
        if rng.random() < 0.6:
            at = end - timedelta(seconds=rng.randrange(16 * 86_400))
        data: dict[str, Any] = {}
        if rng.random() < 0.9:
            data["mb"] = rng.choice((rng.uniform(-3, 12), rng.randrange(10), 0.1, 2.675, rng.choice(ODD)))
        if rng.random() < 0.9:
            data["topic"] = rng.choice((*TOPICS, *ODD[:4]))
        if rng.random() < 0.7:
            data["paid"] = rng.choice((True, False, "true", 1))
        found.append(
            Happened(
                source=rng.choice(("/a", "/b")),
                id=f"e{rng.randrange(count)}-{number}",
                type=rng.choice(TYPES),
                at=at,
                about=rng.choice((*PEOPLE, *USERS, "crm:stranger", "l:stranger")),
                data=data,
            )
        )
    return found


def as_it_came(events: list[Happened], seed: int) -> list[Happened]:
    """The same events in another order, late ones after all others, a third of them twice."""
    rng = random.Random(seed)
    came = [*events, *rng.sample(events, len(events) // 3)]
    rng.shuffle(came)
    return came


def market(events: list[Happened]) -> duckdb.DuckDBPyConnection:
    """The tables of the two homes with these events, as the silos would deliver them."""
    con = duckdb.connect()
    kinds = {"text": "VARCHAR", "integer": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
             "timestamp": "TIMESTAMP"}  # fmt: skip
    for table in TABLES:
        columns = ", ".join(f'"{column.name}" {kinds[column.type]}' for column in table.columns)
        con.execute(f'CREATE TABLE "{table.name}" ({columns})').fetchall()
    _rows(con, "party_person", [{"party_id": p, "person_id": q} for p, q in PEOPLE.items()], create=True)
    _rows(con, "membership", [{"person_id": p, "household_id": h, "probability": 1.0} for p, h in HOMES.items()],
          create=True)  # fmt: skip
    users = [{"line_id": line, "person_id": user} for line, user in USERS.items() if user]
    _rows(con, "line_user", users, create=True)
    _rows(con, "household", [{"household_id": h, "anchor": h} for h in ("H-1", "H-2")], create=True)
    _rows(con, "adviser", [{"person_id": "P-1", "adviser_person_id": "P-3"}], create=True)
    _rows(con, "role", [{"person_id": "P-1", "role": "consumer", "probability": 0.9}], create=True)
    _rows(con, "offnet", [{"number_id": "X", "household_id": "H-1", "probability": 0.9}], create=True)
    _rows(con, "consented_line", [{"line_id": line, "purpose": "traffic"} for line in CONSENTED], create=True)
    born = {party: date(2012 if "minor" in party else 1980, 1, 1) for party in PEOPLE}
    _rows(con, "person", [{"party_id": party, "birth_date": day} for party, day in born.items()])
    _rows(con, "line", [
        {"line_id": line, "kind": "mobile_postpaid", "holder_party_id": "crm:a", "started_on": date(2020, 1, 1)}
        for line in USERS
    ])  # fmt: skip
    _rows(con, "event", [
        {"source": one.source, "event_id": one.id, "type": one.type, "at": one.at.replace(tzinfo=None),
         "line_id": one.about if one.about.startswith("l:") else None,
         "party_id": None if one.about.startswith("l:") else one.about,
         "data": msgspec.json.encode(one.data).decode()}
        for one in events
    ])  # fmt: skip
    return con


def _rows(
    con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]], create: bool = False
) -> None:
    con.register("many", pl.DataFrame(rows, infer_schema_length=None).to_arrow())
    con.execute(
        f"CREATE TABLE {table} AS FROM many" if create else f"INSERT INTO {table} BY NAME FROM many"
    ).fetchall()
    con.unregister("many")
