-- purpose: How many people both of two consenting adults talk with: 0 none, 1 one, 2 two or three, 3 more.
WITH common AS (
    SELECT candidate.a, candidate.b, count(*) AS people
    FROM candidate
    JOIN contact AS x ON x.person_id = a AND x.other_id <> b
    JOIN contact AS y ON y.person_id = b AND y.other_id = x.other_id
    WHERE x.of_others <= getvariable('contacts_max')
      AND x.place <= getvariable('contacts_max') AND y.place <= getvariable('contacts_max')
    GROUP BY candidate.a, candidate.b
)
SELECT a, b, CASE WHEN people >= 4 THEN 3 WHEN people >= 2 THEN 2 ELSE coalesce(people, 0) END AS contacts
FROM candidate
LEFT JOIN common USING (a, b)
WHERE a IN (FROM heard) AND b IN (FROM heard)
