"""Was something offered that must never be? Judges recorded decisions by the tables alone.

Reads the Parquet tables and the ledger's rows with DuckDB, SQLite and msgpack; imports nothing of the product, so that
a fault in its rules is not repeated here. Gives one line a breach.
"""

from __future__ import annotations

import json
import sqlite3
from hashlib import blake2b
from pathlib import Path
from typing import Any

import duckdb
import msgspec

STATE = ".hogar/data"
INGESTED = ("consent", "line", "line_offer", "offer_price", "order", "bill", "top_up", "person", "account")
RESOLVED = ("party_person", "membership", "line_user", "household")
COMPUTED = ("household", "offers")


def proposals(project: Path, mode: str) -> list[dict[str, Any]]:
    """Every proposal of the recorded decisions of one mode, with its household."""
    ledger = sqlite3.connect(project / STATE / "ledger.db")
    try:
        rows = ledger.execute("select decision from decision where mode = ?", [mode]).fetchall()
    finally:
        ledger.close()
    found = []
    for (data,) in rows:
        decision = msgspec.msgpack.decode(data)
        found += [{**proposal, "household": decision["household"]} for proposal in decision["proposals"]]
    return found


def breaches(project: Path, said: list[dict[str, Any]], *, salt: str, control_permille: int) -> list[str]:
    """What is wrong with these proposals: one line each; none where all is well."""
    con = duckdb.connect()
    current = json.loads((project / STATE / "current.json").read_text())
    for step, names, prefix in (
        ("ingest", INGESTED, ""),
        ("resolve", RESOLVED, ""),
        ("features", COMPUTED, "f_"),
    ):
        for name in names:
            file = project / STATE / "steps" / step / current[step] / f"{name}.parquet"
            con.read_parquet(str(file)).create_view(f"r_{name}" if step == "resolve" else f"{prefix}{name}")
    con.execute(
        "create table said (n integer, household_id text, action text, scope text, subject text, recipient text, "
        "channel text, offer_id text)"
    )
    con.executemany(
        "insert into said values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                n,
                p["household"],
                p["action"],
                p["scope"],
                p["subject"],
                p["recipient"],
                p["channel"],
                p["offering"],
            )
            for n, p in enumerate(said)
        ],
    )
    found = [
        f"{name}: {action} for {subject}"
        for name, query in QUERIES.items()
        for action, subject in con.execute(query).fetchall()
    ]
    anchors = dict(con.execute("select household_id, anchor from r_household").fetchall())
    found += [
        f"control group: {p['action']} for {p['subject']}"
        for p in said
        if _draw(anchors[p["household"]], salt) < control_permille
    ]
    return found


def overruns(ledger_path: Path, channels: list[str], most: int, *, days: float) -> list[str]:
    """Windows of so many days that hold more contacts through these channels than `most`, found one by one."""
    ledger = sqlite3.connect(ledger_path)
    try:
        rows = ledger.execute(
            "select at from contact where origin = 'hogar' and kind = 'contact' and state <> 'released' "
            f"and message_class <> 'legal' and channel in ({', '.join('?' * len(channels))}) order by at",
            channels,
        ).fetchall()
    finally:
        ledger.close()
    moments, width = [at for (at,) in rows], round(days * 86_400_000_000)
    return [
        f"{inside} contacts in the {days:g} days from {begin}"
        for begin in sorted(set(moments))
        if (inside := sum(begin <= at < begin + width for at in moments)) > most
    ]


def _draw(anchor: str, salt: str) -> int:
    return int.from_bytes(blake2b(anchor.encode(), digest_size=8, key=salt.encode()).digest()) % 1000


# Usual spend here is added up anew from bills and top-ups of December to February; a cent of slack for rounding.
_SPEND = """
    select household_id, sum(cents) / 300 as usual_eur from (
        select line_id, fee_cents + coalesce(overage_cents, 0) as cents from bill
        where month >= date '2025-12-01' and month < date '2026-03-01'
        union all
        select line_id, amount_cents from top_up where "at" >= date '2025-12-01' and "at" < date '2026-03-01'
    ) join r_line_user using (line_id) join r_membership using (person_id) group by household_id
"""
QUERIES = {
    "owned": """
        select action, subject from said
        where exists (
            from line_offer o left join r_line_user u using (line_id) left join r_membership m using (person_id)
            where o.offer_id = said.offer_id and o.until is null
                and case said.scope when 'line' then o.line_id = subject when 'person' then u.person_id = subject
                    else m.household_id = said.household_id end
        )""",
    "ordered": """
        select action, subject from said
        where exists (
            from "order" o join r_party_person p using (party_id) join r_membership m using (person_id)
            where o.offer_id = said.offer_id and o.state = 'open' and m.household_id = said.household_id
                and (said.scope <> 'line' or o.line_id is null or o.line_id = subject)
        )""",
    "dearer than the band, by its price alone": f"""
        select action, subject from said
        join (select offer_id, max(amount_cents) / 100 as eur from offer_price where kind = 'monthly' group by all)
            using (offer_id)
        left join ({_SPEND}) using (household_id)
        where eur > 1.15 * coalesce(usual_eur, 0) + 0.02""",
    "above the band, after what it replaces": """
        select action, subject from said
        join f_household h on h.id = said.household_id
        left join f_offers o on o.scope = said.scope and o.id = subject and o.offer_id = said.offer_id
        where said.offer_id is not null and not coalesce(
            spend_eur - coalesce(current_cents, 0) / 100 + coalesce(cost_cents, monthly_cents) / 100
                <= spend_band_eur + 0.005, false)""",
    "not deliverable": """
        select action, subject from said
        left join f_offers o on o.scope = said.scope and o.id = subject and o.offer_id = said.offer_id
        where said.offer_id is not null and not coalesce(deliverable, false)""",
    "to a minor": """
        select action, subject from said
        join r_party_person p on p.person_id = recipient join person using (party_id)
        where birth_date > date '2008-03-02'""",
    "to somebody of another household": """
        select action, subject from said left join r_membership m on m.person_id = recipient
        where m.household_id is distinct from said.household_id""",
    "on a channel that was refused": """
        with latest as (
            select party_id, purpose, channel, arg_max(granted, "at") as granted from consent group by all
        )
        select action, subject from said
        join r_party_person p on p.person_id = recipient join latest using (party_id)
        where not granted and (purpose = 'profiling'
            or purpose = 'marketing' and latest.channel in (said.channel, 'any'))""",
}
