-- Who used the line when a live counter took an event, and up to which moment the silos' events were taken?

ALTER TABLE live_entry ADD COLUMN party TEXT NOT NULL DEFAULT '';

CREATE TABLE live_seeded (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  at   INTEGER NOT NULL
) STRICT;

INSERT INTO live_seeded (only, at) SELECT only, at FROM live_filled;
