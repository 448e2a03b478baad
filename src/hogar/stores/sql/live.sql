-- name: live_add
-- A counter keeps an event once.
INSERT INTO live_entry (subject, counter, source, event_id, at, value, expires_at, party)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (subject, counter, source, event_id) DO NOTHING;

-- name: live_entries
-- What is kept of the events of these lines and parties since a moment.
SELECT subject, counter, party, at, source, event_id, value
FROM live_entry
WHERE subject IN (SELECT value FROM json_each(?)) AND at > ?;

-- name: live_purge
-- What no counter looks back on any more, so many entries at the most.
DELETE FROM live_entry
WHERE seq IN (SELECT seq FROM live_entry WHERE expires_at < ? ORDER BY expires_at LIMIT ?);

-- name: live_subjects
-- The next lines and parties of whom something is kept, by which counters, and who it was.
SELECT DISTINCT subject, counter, party FROM live_entry
WHERE (subject, counter, party) > (?, ?, ?) ORDER BY subject, counter, party LIMIT ?;

-- name: live_forget
-- What a counter keeps of a line or party of whom nothing may be known any more.
DELETE FROM live_entry WHERE subject = ? AND counter = ? AND party = ?;

-- name: live_count
-- How many entries there are.
SELECT count(*) FROM live_entry;

-- name: live_filled
-- The profile version by whose people and counters what is kept was looked through.
SELECT profile FROM live_filled WHERE only = 1;

-- name: live_fill
-- From now on it is this one.
INSERT INTO live_filled (only, profile, at) VALUES (1, ?, ?)
ON CONFLICT (only) DO UPDATE SET profile = excluded.profile, at = excluded.at;

-- name: live_unfill
-- It was looked through for none, for lines and parties or counters are others.
DELETE FROM live_filled;

-- name: live_seeded
-- Up to which moment the silos' events were taken.
SELECT at FROM live_seeded WHERE only = 1;

-- name: live_seed
-- They were taken up to this moment; it never goes back.
INSERT INTO live_seeded (only, at) VALUES (1, ?)
ON CONFLICT (only) DO UPDATE SET at = max(at, excluded.at);
