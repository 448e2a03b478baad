-- name: pointers
-- What is live now: the strategy, the profile version, the emergency stop.
SELECT name, value FROM pointer;

-- name: pointer_history
-- How one pointer moved, oldest first.
SELECT value, at, by FROM pointer_history WHERE name = ? ORDER BY seq;

-- name: pointer_set
-- Switch a pointer.
INSERT INTO pointer (name, value, at, by) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at, by = excluded.by;

-- name: pointer_remember
-- Keep every value that a pointer ever had.
INSERT INTO pointer_history (name, value, at, by, clock) VALUES (?, ?, ?, ?, ?);

-- name: strategy_add
-- A published strategy is immutable: the same hash again changes nothing.
INSERT INTO strategy (hash, published_at, by, why, texts, catalogue) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (hash) DO NOTHING;

-- name: strategy
-- The texts and the catalogue that a strategy was compiled from.
SELECT hash, published_at, by, why, texts, catalogue FROM strategy WHERE hash = ?;

-- name: strategies
-- Every strategy that was ever kept, without its texts; oldest first.
SELECT hash, published_at, by, why FROM strategy ORDER BY published_at, rowid;

-- name: review_add
-- A strategy was proposed, approved or rejected.
INSERT INTO review (strategy, verdict, base, at, by, login, why, clock) VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: reviews
-- What was said of strategies before they went live, oldest first.
SELECT strategy, verdict, base, at, by, login, why, clock FROM review ORDER BY seq;

-- name: pointer_moves
-- How these pointers moved together, oldest first.
SELECT name, value, at, by, clock FROM pointer_history ORDER BY seq;

-- name: audit_add
-- Who changed what.
INSERT INTO audit (at, by, what, subject, detail, clock) VALUES (?, ?, ?, ?, ?, ?);

-- name: audit
-- Everything that was changed, newest first.
SELECT at, by, what, subject, detail, clock FROM audit ORDER BY seq DESC LIMIT ?;

-- name: contacts_of_parties
-- What was said to these parties since a moment, in the order in which it was written; seen by gather.
SELECT seq, party_id, channel, kind, message_class, action, at
FROM contact
WHERE party_id IN (SELECT value FROM json_each(?)) AND at >= ? AND state <> 'released'
ORDER BY seq;

-- name: contacts_seen
-- How many contacts there are for these parties since a moment, and the last of them; tested by commit.
SELECT count(*), coalesce(max(seq), 0)
FROM contact
WHERE party_id IN (SELECT value FROM json_each(?)) AND at >= ? AND state <> 'released';

-- name: contact_last
-- The last contact that was written.
SELECT coalesce(max(seq), 0) FROM contact;

-- name: contacts_through
-- How many contacts were made through some channels (of some actions) after a moment; messages of law do not count.
SELECT count(*) FROM contact
WHERE kind = 'contact' AND channel IN (SELECT value FROM json_each(?1)) AND at > ?2
  AND state <> 'released' AND message_class <> 'legal'
  AND (?3 = '[]' OR action IN (SELECT value FROM json_each(?3)));

-- name: contact_add
-- One reservation, in the transaction of its decision.
INSERT INTO contact (origin, id, decision_id, party_id, person_id, household_id, channel, kind, message_class,
                     action, at, state)
VALUES ('hogar', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: contact_import
-- A contact of another system; the same one again changes nothing.
INSERT INTO contact (origin, id, decision_id, party_id, person_id, household_id, channel, kind, message_class,
                     action, at, state)
VALUES (?, ?, NULL, ?, '', '', ?, 'contact', ?, ?, ?, 'made')
ON CONFLICT (origin, id) DO NOTHING;

-- name: contact_state
-- A reservation was kept, or given back.
UPDATE contact SET state = ? WHERE origin = 'hogar' AND id = ?;

-- name: decision_exists
-- Was this decision committed before?
SELECT 1 FROM decision WHERE id = ?;

-- name: decision_add
-- One decision with what it was decided from.
INSERT INTO decision (id, household_id, mode, at, strategy, profile, membership, models, situation, decision,
                      proposals, campaign_run, state, checksum)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: decision
-- One decision by its id.
SELECT id, household_id, mode, at, strategy, profile, membership, models, situation, decision, proposals,
       campaign_run, state, checksum
FROM decision WHERE id = ?;

-- name: decision_ids
-- The newest decisions of a mode, or of all modes.
SELECT id FROM decision WHERE ?1 IS NULL OR mode = ?1 ORDER BY seq DESC LIMIT ?2;

-- name: decision_span
-- Where the wanted decisions lie, newest `limit` of them, and how many they are.
SELECT min(seq), max(seq), count(*) FROM (
  SELECT seq FROM decision
  WHERE (?1 IS NULL OR mode = ?1) AND (?2 IS NULL OR campaign_run = ?2) AND (?3 IS NULL OR at >= ?3)
  ORDER BY seq DESC LIMIT ?4);

-- name: decisions_between
-- The wanted decisions between two places, in the order in which they were written; ?4 was used up by the span.
SELECT id, household_id, mode, at, strategy, profile, membership, models, situation, decision, proposals,
       campaign_run, state, checksum
FROM decision
WHERE seq BETWEEN ?5 AND ?6
  AND (?1 IS NULL OR mode = ?1) AND (?2 IS NULL OR campaign_run = ?2) AND (?3 IS NULL OR at >= ?3)
  AND ?4 IS NOT NULL
ORDER BY seq;

-- name: decisions_of_household
-- The newest decisions about one household.
SELECT id FROM decision WHERE household_id = ? ORDER BY at DESC, seq DESC LIMIT ?;

-- name: response_add
-- What the customer answered; the same answer again changes nothing.
INSERT INTO response (id, decision_id, proposal, outcome, at, by) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING;

-- name: response
-- One answer by its id.
SELECT id, decision_id, proposal, outcome, at, by FROM response WHERE id = ?;

-- name: responses_of_decision
-- The answers to one decision, oldest first.
SELECT id, decision_id, proposal, outcome, at, by FROM response WHERE decision_id = ? ORDER BY seq;

-- name: campaign_run_add
-- A run begins; the same run again goes on where it stood.
INSERT INTO campaign_run (id, name, started_at, state, cursor, counts) VALUES (?, ?, ?, 'running', '', '{}')
ON CONFLICT (id) DO NOTHING;

-- name: campaign_run
-- One run by its id.
SELECT id, name, started_at, state, cursor, counts FROM campaign_run WHERE id = ?;

-- name: campaign_run_unfinished
-- The newest run of a campaign that has not ended.
SELECT id, name, started_at, state, cursor, counts FROM campaign_run
WHERE name = ? AND state = 'running' ORDER BY started_at DESC, id LIMIT 1;

-- name: campaign_runs
-- Every run of a campaign, newest first.
SELECT id, name, started_at, state, cursor, counts FROM campaign_run
WHERE name = ? ORDER BY started_at DESC, id;

-- name: campaign_runs_newest
-- The newest runs of all campaigns.
SELECT id, name, started_at, state, cursor, counts FROM campaign_run ORDER BY started_at DESC, id LIMIT ?;

-- name: campaign_run_move
-- Up to this household everything is committed.
UPDATE campaign_run SET cursor = ?, counts = ?, state = ? WHERE id = ?;

-- name: counts
-- How much of everything there is.
SELECT 'decision.' || mode || '.' || state AS what, count(*) AS n FROM decision GROUP BY mode, state
UNION ALL SELECT 'contact.' || kind || '.' || state, count(*) FROM contact GROUP BY kind, state
UNION ALL SELECT 'outbox.' || state, count(*) FROM outbox GROUP BY state
UNION ALL SELECT 'response.' || outcome, count(*) FROM response GROUP BY outcome
UNION ALL SELECT 'event', count(*) FROM event
UNION ALL SELECT 'reject', count(*) FROM reject;
