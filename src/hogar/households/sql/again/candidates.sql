-- purpose: Which pairs may be candidates now or no longer, and the rows that this takes.
-- into mover
-- who came, went, or is a business now
SELECT person_id FROM delta_individual GROUP BY person_id HAVING count(*) = 1 OR count(DISTINCT kind) > 1
-- into moved_key
SELECT person_id, kind, key FROM delta_candidate_key
UNION SELECT person_id, kind, key FROM every_candidate_key SEMI JOIN mover USING (person_id)
-- into held_key
SELECT kept_key.*, true AS now, come.person_id IS NULL AS before
FROM (FROM kept.candidate_key SEMI JOIN moved_key USING (kind, key)) AS kept_key
LEFT JOIN come_candidate_key AS come USING (person_id, kind, key)
UNION ALL
SELECT *, false, true FROM gone_candidate_key
-- into meeting
-- persons who meet in one of these keys, now or before; where the key itself became hot or cool, all of them
WITH human AS (
    SELECT person_id, true AS now, person_id NOT IN (SELECT person_id FROM come_individual) AS before
    FROM kept.individual WHERE kind = 'person'
    UNION ALL
    SELECT person_id, false, true FROM gone_individual WHERE kind = 'person'
), fit AS (
    SELECT
        held_key.kind,
        key,
        CASE WHEN held_key.kind = 'street' THEN getvariable('street_persons_max') ELSE getvariable('key_persons_max') END AS most,
        count(*) FILTER (held_key.now AND human.now) BETWEEN 2 AND most AS fit_now,
        count(*) FILTER (held_key.before AND human.before) BETWEEN 2 AND most AS fit_before
    FROM held_key
    JOIN human USING (person_id)
    GROUP BY held_key.kind, key
)
SELECT
    person_id,
    kind,
    key,
    bool_or(fit_now <> fit_before OR moved_key.person_id IS NOT NULL) AS moved
FROM held_key
JOIN fit USING (kind, key)
LEFT JOIN moved_key USING (person_id, kind, key)
WHERE fit_now OR fit_before
GROUP BY ALL
-- into touched
SELECT least(x.person_id, y.person_id) AS a, greatest(x.person_id, y.person_id) AS b
FROM meeting AS x
JOIN meeting AS y USING (kind, key)
WHERE x.moved AND x.person_id <> y.person_id
-- the strongest ties of a person push each other out
UNION SELECT a, b FROM every_tie_link SEMI JOIN delta_tie_link USING (a) WHERE calls_month >= getvariable('tie_calls_some')
UNION SELECT a, b FROM every_tie_link SEMI JOIN delta_tie_link USING (b) WHERE calls_month >= getvariable('tie_calls_some')
UNION SELECT a, b FROM every_tie_link WHERE a IN (FROM mover) OR b IN (FROM mover)
UNION SELECT a, b FROM delta_account_link
UNION SELECT a, b FROM every_account_link WHERE a IN (FROM mover) OR b IN (FROM mover)
UNION SELECT a, b FROM delta_top_up_link
UNION SELECT a, b FROM every_top_up_link WHERE a IN (FROM mover) OR b IN (FROM mover)
UNION SELECT a, b FROM delta_care_link
UNION SELECT a, b FROM every_care_link WHERE a IN (FROM mover) OR b IN (FROM mover)
UNION SELECT a, b FROM delta_device_link
UNION SELECT a, b FROM every_device_link WHERE a IN (FROM mover) OR b IN (FROM mover)
UNION SELECT a, b FROM delta_declared_link
UNION SELECT a, b FROM every_declared_link WHERE a IN (FROM mover) OR b IN (FROM mover)
UNION SELECT a, b FROM delta_judged_link
UNION SELECT a, b FROM kept.judged_link WHERE a IN (FROM mover) OR b IN (FROM mover)
-- into end_person
SELECT a AS person_id FROM touched UNION SELECT b FROM touched
-- into end_key
FROM kept.candidate_key SEMI JOIN end_person USING (person_id)
-- into candidate_key
FROM end_key
SEMI JOIN (
    SELECT candidate_key.kind, key
    FROM kept.candidate_key
    SEMI JOIN end_key USING (kind, key)
    WHERE person_id IN (SELECT person_id FROM kept.individual WHERE kind = 'person')
    GROUP BY candidate_key.kind, key
    HAVING count(*) <= CASE WHEN candidate_key.kind = 'street' THEN getvariable('street_persons_max')
                            ELSE getvariable('key_persons_max') END
) USING (kind, key)
-- into tie_link
FROM kept.tie_link WHERE a IN (FROM end_person) OR b IN (FROM end_person)
