-- name: outbox_add
-- One message to be delivered, in the transaction of its decision.
INSERT INTO outbox (id, decision_id, contact, channel, party_id, person_id, payload, not_before, expires_at,
                    state, attempts, reason, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', 0, '', ?);

-- name: outbox_due
-- Messages whose time has come, and those that a crash left between submission and delivery.
SELECT id, decision_id, contact, channel, party_id, person_id, payload, not_before, expires_at, state, attempts
FROM outbox
WHERE state IN ('planned', 'submitted') AND not_before <= ?
ORDER BY not_before, seq LIMIT ?;

-- name: outbox_submit
-- The channel is called now: counted before, so that a crash is seen as an attempt.
UPDATE outbox SET state = 'submitted', attempts = attempts + 1, changed_at = ?
WHERE id = ? AND state IN ('planned', 'submitted');

-- name: outbox_settle
-- What became of a message.
UPDATE outbox SET state = ?, reason = ?, changed_at = ? WHERE id = ? AND state IN ('planned', 'submitted');

-- name: outbox_postpone
-- The message waits: for the next allowed minute, or for a channel that did not answer.
UPDATE outbox SET state = 'planned', not_before = ?, reason = ?, changed_at = ?
WHERE id = ? AND state IN ('planned', 'submitted');

-- name: outbox_of_decision
-- The messages of one decision and what became of them.
SELECT id, channel, person_id, state, attempts, reason, changed_at FROM outbox WHERE decision_id = ? ORDER BY seq;

-- name: outbox_next
-- When the next message that waits is due.
SELECT min(not_before) FROM outbox WHERE state IN ('planned', 'submitted');

-- name: outbox_later
-- How many messages wait for a moment that lies ahead.
SELECT count(*) FROM outbox WHERE state IN ('planned', 'submitted') AND not_before > ?;
