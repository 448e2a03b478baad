-- purpose: Which pairs are looked at: those that meet in a key which is not hot, and those that a direct link names.
WITH human AS (
    SELECT person_id FROM individual WHERE kind = 'person'
), fit AS (
    SELECT kind, key FROM candidate_key JOIN human USING (person_id)
    GROUP BY kind, key
    HAVING count(*) BETWEEN 2 AND CASE WHEN kind = 'street' THEN getvariable('street_persons_max')
                                       ELSE getvariable('key_persons_max') END
), strong_tie AS (
    SELECT a, b FROM tie_link
    WHERE calls_month >= getvariable('tie_calls_some')
    QUALIFY row_number() OVER (PARTITION BY a ORDER BY calls_month DESC, b) <= getvariable('ties_max')
        AND row_number() OVER (PARTITION BY b ORDER BY calls_month DESC, a) <= getvariable('ties_max')
), met AS (
    SELECT x.person_id AS a, y.person_id AS b
    FROM fit
    JOIN candidate_key AS x USING (kind, key)
    JOIN candidate_key AS y USING (kind, key)
    WHERE x.person_id < y.person_id
    UNION SELECT a, b FROM account_link
    UNION SELECT a, b FROM top_up_link
    UNION SELECT a, b FROM care_link
    UNION SELECT a, b FROM device_link
    UNION SELECT a, b FROM strong_tie
    UNION SELECT a, b FROM declared_link
    UNION SELECT a, b FROM judged_link
)
SELECT a, b
FROM met
JOIN human AS x ON x.person_id = a
JOIN human AS y ON y.person_id = b
