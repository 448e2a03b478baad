"""The same 150 features as an analyst would write them once, for one day: one DuckDB query an entity, to a file.

Knows no past, no reuse, no report. Who uses and pays a line, and of whom nothing may be known, are inputs, made by the
product's own two queries; acme's topics are parts of the query as acme wrote them, the generated and the live ones are
written here.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from benchmarks.features_market import AS_OF
from benchmarks.features_topics import generated

from hogar.features import read_catalogue
from hogar.features.past import SQL
from hogar.stores.warehouse import read_sql

HIDDEN = {
    "usage_day": ("line_id", "line"), "device_use": ("line_id", "line"), "tie_month": ("line_id", "line"),
    "web_event": ("party_id", "party"), "event": ("party_id", "party"), "selfcare_login": ("party_id", "party"),
}  # fmt: skip
LIVE = {
    "line_live": """
        SELECT line_id AS id, NULL::DOUBLE AS outage_minutes_7d, NULL::DOUBLE AS longest_outage_30d,
            0.0 AS roaming_mb_2d
        FROM line_home""",
    "person_live": """
        SELECT membership.person_id AS id, coalesce(any_value(seen.devices), 0)::DOUBLE AS device_views_24h,
            coalesce(any_value(seen.topics), 0)::DOUBLE AS topics_seen_14d, any_value(seen.latest) AS last_topic_2d,
            0.0 AS baskets_left_7d
        FROM membership LEFT JOIN (
            SELECT person_id,
                count(*) FILTER (topic = 'devices' AND "at" >= :as_of) AS devices,
                count(DISTINCT topic) FILTER ("at" >= :as_of - INTERVAL 13 DAY) AS topics,
                arg_max(topic, ("at", event_id)) FILTER ("at" >= :as_of - INTERVAL 1 DAY) AS latest
            FROM (SELECT party_id, event_id, "at", json_extract_string(data, '$.topic') AS topic FROM event)
            JOIN party_person USING (party_id)
            GROUP BY person_id
        ) AS seen USING (person_id)
        GROUP BY membership.person_id""",
}
EVERYBODY = {
    "line": "SELECT line_id AS id, user_id IN (SELECT person_id FROM unprofiled) AS hidden FROM line_home",
    "person": "SELECT person_id AS id, person_id IN (SELECT person_id FROM unprofiled) AS hidden FROM membership",
    "household": "SELECT DISTINCT household_id AS id, false AS hidden FROM membership",
}


def by_hand(con: duckdb.DuckDBPyConnection, project: Path, out: Path) -> None:
    """Write `line.parquet`, `person.parquet` and `household.parquet` with every feature of the project."""
    out.mkdir(parents=True, exist_ok=True)
    _inputs(con)
    catalogue = read_catalogue(project)
    for entity in ("line", "person", "household"):
        topics = _topics(project, entity)
        columns = []
        for feature in catalogue.of_entity(entity):  # type: ignore[arg-type]
            value = feature.name
            if feature.default is not None:
                default = f"'{feature.default}'" if isinstance(feature.default, str) else str(feature.default)
                value = f"coalesce({value}, {default})"
            if "contract" not in feature.purposes:
                value = f"CASE WHEN NOT hidden THEN {value} END"
            columns.append(f'{value} AS "{feature.name}"')
        parts = ", ".join(f"{name} AS ({text})" for name, text in topics.items())
        joins = " ".join(f"LEFT JOIN {name} USING (id)" for name in topics)
        chosen = f"SELECT id, {', '.join(columns)} FROM everybody {joins}"
        query = f"WITH everybody AS ({EVERYBODY[entity]}), {parts} {chosen}"
        query = query.replace(":as_of", f"DATE '{AS_OF}'")
        con.execute(f"COPY ({query} ORDER BY id) TO '{out}/{entity}.parquet' (FORMAT parquet)").fetchall()
        con.read_parquet(f"{out}/{entity}.parquet").create_view(f"{entity}_features")


def _inputs(con: duckdb.DuckDBPyConnection) -> None:
    """Who uses and pays what, who is hidden, and the tables without whom nothing may be known of."""
    for name in ("as_of", "extracted"):
        con.execute(f"SET VARIABLE {name} = DATE '{AS_OF}'").fetchall()
    con.execute("CREATE SCHEMA past").fetchall()
    for name in ("past/unprofiled", "line_home"):
        con.execute(read_sql(SQL / f"{name}.sql")).fetchall()
    for kind, table in (("line", "line_user"), ("party", "party_person")):
        who = f"SELECT {kind}_id FROM {table} WHERE person_id IN (FROM past.unprofiled)"
        con.execute(f"CREATE TABLE past.hidden_{kind} AS {who}").fetchall()
    for name, (key, kind) in HIDDEN.items():
        rows = f"FROM main.{name} WHERE {key} NOT IN (FROM past.hidden_{kind})"
        if name == "tie_month":
            rows += " AND other_line_id NOT IN (FROM past.hidden_line)"
        con.execute(f"CREATE VIEW past.{name} AS {rows}").fetchall()
    con.execute("SET search_path = 'past,main'").fetchall()


def _topics(project: Path, entity: str) -> dict[str, str]:
    """The parts of an entity's query by name."""
    found = {}
    ours = generated()
    for path in sorted((project / "features").glob(f"{entity}_*.sql")):
        if path.stem not in ours:
            found[path.stem] = path.read_text(encoding="utf-8")
            continue
        table, key, columns = ours[path.stem]
        described = (project / "features" / f"{path.stem}.yml").read_text(encoding="utf-8")
        kept = {name: text for name, text in columns.items() if f"  {name}:" in described}
        spelled = ", ".join(f"({text})::DOUBLE AS {name}" for name, text in kept.items())
        found[path.stem] = (
            f"SELECT {key} AS id, {spelled} FROM {table} WHERE {key} IS NOT NULL GROUP BY {key}"
        )
    found |= {name: text for name, text in LIVE.items() if name.startswith(entity)}
    return {name: _uncommented(text) for name, text in found.items()}


def _uncommented(text: str) -> str:
    """The text without the comments that would end a line in parentheses."""
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("--"))
