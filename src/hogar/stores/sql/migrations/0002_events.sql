-- The event log: append-only, once per (source, id); what could not be read is kept beside it.

CREATE TABLE event (
  seq        INTEGER PRIMARY KEY,
  source     TEXT NOT NULL,
  id         TEXT NOT NULL,
  type       TEXT NOT NULL,
  time       INTEGER NOT NULL,
  arrived_at INTEGER NOT NULL,
  subject    TEXT NOT NULL,
  data       BLOB NOT NULL,
  UNIQUE (source, id)
) STRICT;

CREATE TABLE reject (
  seq        INTEGER PRIMARY KEY,
  file       TEXT NOT NULL,
  line       INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  record     BLOB NOT NULL,
  arrived_at INTEGER NOT NULL,
  UNIQUE (file, line, record)
) STRICT;

CREATE TABLE consumer (
  name TEXT PRIMARY KEY,
  seq  INTEGER NOT NULL
) STRICT;

CREATE TABLE effect (
  source      TEXT NOT NULL,
  event_id    TEXT NOT NULL,
  consumer    TEXT NOT NULL,
  at          INTEGER NOT NULL,
  outcome     TEXT NOT NULL,
  decision_id TEXT REFERENCES decision (id),
  PRIMARY KEY (source, event_id, consumer)
) STRICT, WITHOUT ROWID;
