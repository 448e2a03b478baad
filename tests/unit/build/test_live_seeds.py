"""The silos' events for live counters: each with what was allowed then, none of before an objection ended."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import hogar.build
from hogar.stores import warehouse

SQL = Path(hogar.build.__file__).parent / "sql" / "live_seeds.sql"
MARKET = """
CREATE TABLE line AS SELECT * FROM (VALUES ('L', 'a'), ('M', 'b'), ('N', 'c')) AS t (line_id, holder_party_id);
CREATE TABLE declaration (party_id VARCHAR, other_party_id VARCHAR, kind VARCHAR, line_id VARCHAR);
INSERT INTO declaration VALUES ('b', 'd', 'uses_line', 'M');
CREATE TABLE consent (party_id VARCHAR, purpose VARCHAR, channel VARCHAR, granted BOOLEAN, "at" TIMESTAMP);
INSERT INTO consent VALUES
    ('a', 'traffic', 'any', false, '2026-01-01'), ('a', 'traffic', 'any', true, '2026-03-01'),
    ('a', 'traffic', 'any', true, '2026-05-01'), ('a', 'location', 'any', true, '2026-01-01'),
    ('b', 'traffic', 'any', true, '2026-01-01'), ('d', 'traffic', 'any', true, '2026-03-02'),
    ('c', 'profiling', 'any', false, '2026-01-01'), ('c', 'profiling', 'any', true, '2026-03-01');
CREATE TABLE event (
    source VARCHAR, event_id VARCHAR, type VARCHAR, "at" TIMESTAMP, line_id VARCHAR, party_id VARCHAR, data VARCHAR
);
INSERT INTO event
SELECT '/s', coalesce(line_id, party_id) || month("at"), 'used', "at", line_id, party_id, '{}'
FROM (VALUES ('L', NULL), ('M', NULL), ('N', NULL), (NULL, 'c'), (NULL, 'e')) AS t (line_id, party_id)
CROSS JOIN (VALUES (TIMESTAMP '2026-02-01'), (TIMESTAMP '2026-04-01')) AS u ("at");
"""


def test_a_consent_counts_from_its_day_on_and_a_lifted_objection_too() -> None:
    """Of everybody concerned by a line; of whom nothing was asked nothing is allowed, and nothing is left out."""
    with warehouse.connect() as con:
        con.execute(MARKET)
        since = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        con.execute(warehouse.read_sql(SQL), {"types": ["used"], "since": since})
        allowed = {row[1]: row[6] for row in con.fetchall()}
    assert allowed == {"L2": 2, "L4": 3, "M2": 0, "M4": 1, "N4": 0, "c4": 0, "e2": 0, "e4": 0}
