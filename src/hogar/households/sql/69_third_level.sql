-- purpose: Whether both may live with one third person: 0 with nobody, 1 perhaps, 2 likely.
SELECT
    person_a AS a,
    person_b AS b,
    -- `least` would take the one that is there
    CASE WHEN coalesce(max(least(x.probability, y.probability)) FILTER (y.other_id IS NOT NULL), 0) >= getvariable('third_likely_min') THEN 2
         WHEN count(y.other_id) > 0 THEN 1
         ELSE 0 END AS third
FROM scored_pair
LEFT JOIN fellow AS x ON x.person_id = person_a
LEFT JOIN fellow AS y ON y.person_id = person_b AND y.other_id = x.other_id
GROUP BY person_a, person_b
