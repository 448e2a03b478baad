-- purpose: Whether two adults were away from home together: 0 each for himself, 1 some nights, 2 on most nights away.
WITH away AS (
    SELECT person_id, day, place_id FROM night WHERE place_id <> home_place_id
), nights AS (
    SELECT person_id, count(*) AS away FROM away GROUP BY person_id HAVING count(*) >= getvariable('away_nights_min')
), joint AS (
    SELECT candidate.a, candidate.b, count(*) AS away
    FROM candidate
    JOIN away AS v ON v.person_id = a
    JOIN away AS w ON w.person_id = b AND w.day = v.day AND w.place_id = v.place_id
    GROUP BY candidate.a, candidate.b
)
SELECT
    a,
    b,
    CASE WHEN coalesce(joint.away, 0) = 0 THEN 0
         WHEN joint.away >= getvariable('away_share_min') * least(x.away, y.away) THEN 2
         ELSE 1 END AS absence
FROM candidate
JOIN nights AS x ON x.person_id = a
JOIN nights AS y ON y.person_id = b
LEFT JOIN joint USING (a, b)
