-- purpose: Where two adults spend their nights: 0 in different places, 1 in one place as many do, 2 there on the same nights.
WITH asleep AS (
    SELECT DISTINCT person_id, home_place_id FROM night
)
SELECT
    a,
    b,
    CASE WHEN x.home_place_id <> y.home_place_id THEN 0
         WHEN coalesce(shared, 0) >= getvariable('night_share_min') * nights THEN 2
         ELSE 1 END AS place
FROM candidate
JOIN asleep AS x ON x.person_id = a
JOIN asleep AS y ON y.person_id = b
LEFT JOIN (
    SELECT candidate.a, candidate.b, count(*) AS nights, count(*) FILTER (v.place_id = w.place_id) AS shared
    FROM candidate
    JOIN night AS v ON v.person_id = a
    JOIN night AS w ON w.person_id = b AND w.day = v.day
    GROUP BY candidate.a, candidate.b
) USING (a, b)
