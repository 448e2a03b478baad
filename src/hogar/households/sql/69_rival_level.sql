-- purpose: Whether one of two likely lives with somebody with whom the other hardly does: 0 surely, 1 perhaps, 2 no.
WITH side AS (
    SELECT person_a, person_b, person_a AS person_id, person_b AS other_id FROM scored_pair
    UNION ALL
    SELECT person_a, person_b, person_b, person_a FROM scored_pair
)
SELECT
    person_a AS a,
    person_b AS b,
    CASE WHEN max(x.probability * (1 - coalesce(y.probability, 0))) >= getvariable('rival_likely_min') THEN 0
         WHEN max(x.probability * (1 - coalesce(y.probability, 0))) >= getvariable('rival_perhaps_min') THEN 1
         ELSE 2 END AS rival
FROM side
LEFT JOIN fellow AS x ON x.person_id = side.person_id AND x.other_id <> side.other_id
LEFT JOIN fellow AS y ON y.person_id = side.other_id AND y.other_id = x.other_id
GROUP BY person_a, person_b
