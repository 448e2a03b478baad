-- The whole schema as it is today. A test holds it equal to the migrations, applied one after the other.

CREATE TABLE strategy (
  hash         TEXT PRIMARY KEY,
  published_at INTEGER NOT NULL,
  by           TEXT NOT NULL,
  why          TEXT NOT NULL,
  texts        BLOB NOT NULL,
  catalogue    BLOB NOT NULL
) STRICT;

CREATE TABLE review (
  seq      INTEGER PRIMARY KEY,
  strategy TEXT NOT NULL REFERENCES strategy (hash),
  verdict  TEXT NOT NULL CHECK (verdict IN ('proposed', 'approved', 'rejected')),
  base     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  by       TEXT NOT NULL,
  login    TEXT NOT NULL,
  why      TEXT NOT NULL,
  clock    INTEGER
) STRICT;

CREATE INDEX review_strategy ON review (strategy, seq);

CREATE TABLE pointer (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  at    INTEGER NOT NULL,
  by    TEXT NOT NULL
) STRICT;

CREATE TABLE pointer_history (
  seq   INTEGER PRIMARY KEY,
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  at    INTEGER NOT NULL,
  by    TEXT NOT NULL,
  clock INTEGER
) STRICT;

CREATE TABLE campaign_run (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('running', 'finished')),
  cursor   TEXT NOT NULL,
  counts   TEXT NOT NULL
) STRICT;

CREATE INDEX campaign_run_name ON campaign_run (name, started_at);

CREATE TABLE decision (
  seq          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  household_id TEXT NOT NULL,
  mode         TEXT NOT NULL CHECK (mode IN ('inbound', 'campaign', 'triggered')),
  at           INTEGER NOT NULL,
  strategy     TEXT NOT NULL,
  profile      TEXT NOT NULL,
  membership   TEXT NOT NULL,
  models       TEXT NOT NULL,
  situation    BLOB NOT NULL,
  decision     BLOB NOT NULL,
  proposals    INTEGER NOT NULL,
  campaign_run TEXT REFERENCES campaign_run (id),
  state        TEXT NOT NULL CHECK (state IN ('planned', 'made')),
  checksum     BLOB
) STRICT;

CREATE INDEX decision_household ON decision (household_id, at);

CREATE TABLE contact (
  seq           INTEGER PRIMARY KEY,
  origin        TEXT NOT NULL,
  id            TEXT NOT NULL,
  decision_id   TEXT REFERENCES decision (id),
  party_id      TEXT NOT NULL,
  person_id     TEXT NOT NULL,
  household_id  TEXT NOT NULL,
  channel       TEXT NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('contact', 'impression')),
  message_class TEXT NOT NULL,
  action        TEXT NOT NULL,
  at            INTEGER NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('reserved', 'made', 'released')),
  UNIQUE (origin, id)
) STRICT;

CREATE INDEX contact_party ON contact (party_id, at);
CREATE INDEX contact_channel ON contact (channel, at, action, message_class, state) WHERE kind = 'contact';
CREATE INDEX contact_decision ON contact (decision_id) WHERE decision_id IS NOT NULL;

CREATE TABLE outbox (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  decision_id TEXT NOT NULL REFERENCES decision (id),
  contact     TEXT NOT NULL,
  channel     TEXT NOT NULL,
  party_id    TEXT NOT NULL,
  person_id   TEXT NOT NULL,
  payload     BLOB NOT NULL,
  not_before  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('planned', 'submitted', 'delivered', 'expired', 'failed')),
  attempts    INTEGER NOT NULL,
  reason      TEXT NOT NULL,
  changed_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_waiting ON outbox (not_before, seq) WHERE state IN ('planned', 'submitted');

CREATE TABLE response (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  decision_id TEXT NOT NULL REFERENCES decision (id),
  proposal    INTEGER NOT NULL,
  outcome     TEXT NOT NULL CHECK (outcome IN ('accepted', 'declined', 'later', 'not_mine')),
  at          INTEGER NOT NULL,
  by          TEXT NOT NULL
) STRICT;

CREATE INDEX response_decision ON response (decision_id);

CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  by      TEXT NOT NULL,
  what    TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail  TEXT NOT NULL,
  clock   INTEGER
) STRICT;

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

CREATE TABLE live_entry (
  seq        INTEGER PRIMARY KEY,
  subject    TEXT NOT NULL,
  counter    TEXT NOT NULL,
  source     TEXT NOT NULL,
  event_id   TEXT NOT NULL,
  at         INTEGER NOT NULL,
  value      ANY NOT NULL,
  expires_at INTEGER NOT NULL,
  party      TEXT NOT NULL DEFAULT '',
  UNIQUE (subject, counter, source, event_id)
) STRICT;

CREATE INDEX live_entry_expires ON live_entry (expires_at);

CREATE TABLE live_filled (
  only    INTEGER PRIMARY KEY CHECK (only = 1),
  profile TEXT NOT NULL,
  at      INTEGER NOT NULL
) STRICT;

CREATE TABLE live_seeded (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  at   INTEGER NOT NULL
) STRICT;
