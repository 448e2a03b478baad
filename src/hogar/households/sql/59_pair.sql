-- purpose: One row a pair, NULL where nothing was observed; where one objects to profiling, contract facts alone.
SELECT
    a AS person_a,
    b AS person_b,
    CASE WHEN NOT ruled THEN address END AS address,
    CASE WHEN NOT ruled THEN names END AS names,
    CASE WHEN NOT ruled THEN shipping END AS shipping,
    CASE WHEN NOT ruled THEN bill END AS bill,
    CASE WHEN NOT ruled THEN top_up END AS top_up,
    CASE WHEN NOT ruled THEN care END AS care,
    CASE WHEN NOT ruled THEN ties END AS ties,
    together AS declared,
    -- his contract names the other's home, and one of them pays the other's bill: no estimate is needed
    CASE WHEN ruled THEN coalesce(address >= 2 AND bill = 1, false) END AS contract
FROM (
    SELECT candidate.*, x.objects OR y.objects AS ruled
    FROM candidate
    JOIN individual AS x ON x.person_id = a
    JOIN individual AS y ON y.person_id = b
)
LEFT JOIN address_level USING (a, b)
LEFT JOIN names_level USING (a, b)
LEFT JOIN shipping_level USING (a, b)
LEFT JOIN bill_level USING (a, b)
LEFT JOIN top_up_level USING (a, b)
LEFT JOIN care_level USING (a, b)
LEFT JOIN ties_level USING (a, b)
LEFT JOIN declared_link USING (a, b)
-- where one objects and no contract or word of theirs links the two, there is no row about them
WHERE NOT ruled OR address >= 2 AND bill = 1 OR together IS NOT NULL
