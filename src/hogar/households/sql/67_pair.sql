-- purpose: One row a pair, NULL where nothing was observed; where one objects to profiling, contract facts alone.
SELECT
    a AS person_a,
    b AS person_b,
    CASE WHEN NOT ruled THEN address END AS address,
    CASE WHEN NOT ruled THEN elsewhere END AS elsewhere,
    CASE WHEN NOT ruled THEN door END AS door,
    CASE WHEN NOT ruled THEN names END AS names,
    CASE WHEN NOT ruled THEN age END AS age,
    CASE WHEN NOT ruled THEN shipping END AS shipping,
    CASE WHEN NOT ruled THEN account END AS account,
    CASE WHEN NOT ruled THEN top_up END AS top_up,
    CASE WHEN NOT ruled THEN care END AS care,
    CASE WHEN NOT ruled THEN device END AS device,
    CASE WHEN NOT ruled THEN ties END AS ties,
    CASE WHEN NOT ruled THEN contacts END AS contacts,
    CASE WHEN NOT ruled THEN place END AS place,
    CASE WHEN NOT ruled THEN absence END AS absence,
    CASE WHEN NOT ruled THEN broadband END AS broadband,
    NULL::INTEGER AS third,
    NULL::INTEGER AS rival,
    declared_link.together AS declared,
    CASE WHEN NOT ruled THEN judged_link.together END AS judged,
    -- his contract names the other's home, and one of them pays or uses the other's line: no estimate is needed
    CASE WHEN ruled THEN coalesce(address >= 2 AND account >= 1, false) END AS contract
FROM (
    SELECT candidate.*, x.objects OR y.objects AS ruled
    FROM candidate
    JOIN individual AS x ON x.person_id = a
    JOIN individual AS y ON y.person_id = b
)
LEFT JOIN address_level USING (a, b)
LEFT JOIN elsewhere_level USING (a, b)
LEFT JOIN door_level USING (a, b)
LEFT JOIN names_level USING (a, b)
LEFT JOIN age_level USING (a, b)
LEFT JOIN shipping_level USING (a, b)
LEFT JOIN account_level USING (a, b)
LEFT JOIN top_up_level USING (a, b)
LEFT JOIN care_level USING (a, b)
LEFT JOIN device_level USING (a, b)
LEFT JOIN ties_level USING (a, b)
LEFT JOIN contacts_level USING (a, b)
LEFT JOIN place_level USING (a, b)
LEFT JOIN absence_level USING (a, b)
LEFT JOIN broadband_level USING (a, b)
LEFT JOIN declared_link USING (a, b)
LEFT JOIN judged_link USING (a, b)
-- where one objects and no contract or word of theirs links the two, there is no row about them
WHERE NOT ruled OR address >= 2 AND account >= 1 OR declared_link.together IS NOT NULL
