-- purpose: Which pairs of parties are compared again, and the rows that this takes.
-- into mover
SELECT party_id FROM delta_party
UNION SELECT party_id FROM delta_party_key
UNION SELECT party_id FROM renamed
-- into near_key
SELECT DISTINCT kind, key FROM every_party_key SEMI JOIN mover USING (party_id)
-- into meeting
-- parties that meet in one of these keys, now or before; where the key itself became hot or cool, all of them
WITH held AS (
    SELECT party_id, kind, key, true AS now, true AS before FROM kept.party_key SEMI JOIN near_key USING (kind, key)
    UNION ALL SELECT party_id, kind, key, false, true FROM gone_party_key
), counted AS (
    SELECT held.* REPLACE (before AND come.party_id IS NULL AS before)
    FROM held LEFT JOIN come_party_key AS come ON come.party_id = held.party_id AND come.kind = held.kind AND come.key = held.key
), fit AS (
    SELECT
        kind,
        key,
        count(*) FILTER (now) BETWEEN 2 AND limit_of AS fit_now,
        count(*) FILTER (before) BETWEEN 2 AND limit_of AS fit_before
    FROM (
        SELECT *, CASE WHEN kind = 'registration_number' THEN getvariable('business_parties_max')
                       ELSE getvariable('person_parties_max') END AS limit_of
        FROM counted
    )
    GROUP BY kind, key, limit_of
)
SELECT DISTINCT party_id, kind, key, fit_now <> fit_before OR party_id IN (FROM mover) AS moved
FROM counted
JOIN fit USING (kind, key)
WHERE fit_now OR fit_before
-- into touched
SELECT DISTINCT least(x.party_id, y.party_id) AS party_a, greatest(x.party_id, y.party_id) AS party_b
FROM meeting AS x
JOIN meeting AS y USING (kind, key)
WHERE x.moved AND x.party_id <> y.party_id
-- into end_party
SELECT party_a AS party_id FROM touched UNION SELECT party_b FROM touched
-- into party
FROM kept.party SEMI JOIN end_party USING (party_id)
-- into end_key
FROM kept.party_key SEMI JOIN end_party USING (party_id)
-- into party_key
FROM end_key
SEMI JOIN (
    SELECT kind, key
    FROM kept.party_key
    SEMI JOIN end_key USING (kind, key)
    GROUP BY kind, key
    HAVING count(*) <= CASE WHEN kind = 'registration_number' THEN getvariable('business_parties_max')
                            ELSE getvariable('person_parties_max') END
) USING (kind, key)
