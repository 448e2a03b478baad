-- What live counters keep of events, and for which profile version it is complete.

CREATE TABLE live_entry (
  seq        INTEGER PRIMARY KEY,
  subject    TEXT NOT NULL,
  counter    TEXT NOT NULL,
  source     TEXT NOT NULL,
  event_id   TEXT NOT NULL,
  at         INTEGER NOT NULL,
  value      ANY NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (subject, counter, source, event_id)
) STRICT;

CREATE INDEX live_entry_expires ON live_entry (expires_at);

CREATE TABLE live_filled (
  only    INTEGER PRIMARY KEY CHECK (only = 1),
  profile TEXT NOT NULL,
  at      INTEGER NOT NULL
) STRICT;
