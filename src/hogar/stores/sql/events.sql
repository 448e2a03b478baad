-- name: event_add
-- An event enters the log once.
INSERT INTO event (source, id, type, time, arrived_at, subject, data) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source, id) DO NOTHING;

-- name: events_after
-- The next events in the order of arrival.
SELECT seq, source, id, type, time, arrived_at, subject, data FROM event WHERE seq > ? ORDER BY seq LIMIT ?;

-- name: events_last
-- The newest position of the log.
SELECT coalesce(max(seq), 0) FROM event;

-- name: reject_add
-- What could not become an event, with its place and the reason; once per place and text.
INSERT INTO reject (file, line, reason, record, arrived_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (file, line, record) DO NOTHING;

-- name: rejects
-- The newest rejects.
SELECT file, line, reason, record, arrived_at FROM reject ORDER BY seq DESC LIMIT ?;

-- name: consumer
-- How far a consumer has read.
SELECT seq FROM consumer WHERE name = ?;

-- name: consumer_move
-- A consumer has dealt with everything up to this position.
INSERT INTO consumer (name, seq) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq);

-- name: effect_add
-- An event had its effect on a consumer: once.
INSERT INTO effect (source, event_id, consumer, at, outcome, decision_id) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (source, event_id, consumer) DO NOTHING;

-- name: effect
-- Which effect an event had on a consumer, if any.
SELECT outcome, decision_id FROM effect WHERE source = ? AND event_id = ? AND consumer = ?;

-- name: events_known
-- Those of these events that are in the log.
SELECT event.source, event.id FROM json_each(?) AS asked
JOIN event ON event.source = asked.value ->> 0 AND event.id = asked.value ->> 1;
