-- Who proposed, approved or rejected a strategy; `base` is what was live when it was proposed.

CREATE TABLE review (
  seq      INTEGER PRIMARY KEY,
  strategy TEXT NOT NULL REFERENCES strategy (hash),
  verdict  TEXT NOT NULL CHECK (verdict IN ('proposed', 'approved', 'rejected')),
  base     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  by       TEXT NOT NULL,
  login    TEXT NOT NULL,
  why      TEXT NOT NULL
) STRICT;

CREATE INDEX review_strategy ON review (strategy, seq);
