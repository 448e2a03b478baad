-- purpose: By which address keys persons may meet; a key that too many share is hot and left out by the next step.
SELECT DISTINCT person_id, kind, key
FROM (
    SELECT person_id, 'unit' AS kind, concat_ws('|', postcode, number, unit) AS key
    FROM home WHERE number IS NOT NULL AND unit IS NOT NULL
    UNION ALL
    SELECT person_id, 'unit_street', concat_ws('|', street, number, unit)
    FROM home WHERE number IS NOT NULL AND unit IS NOT NULL
    UNION ALL
    SELECT person_id, 'street', concat_ws('|', postcode, street, number)
    FROM home
    UNION ALL
    -- a street written by ear: its consonants at the same number of the same postcode
    SELECT person_id, 'street_by_ear', concat_ws('|', postcode, number, left(regexp_replace(sound(street), '[aeiou]', '', 'g'), 3))
    FROM home WHERE number IS NOT NULL AND postcode IS NOT NULL
    UNION ALL
    SELECT person_id, 'building_and_surname', concat_ws('|', postcode, number, unnest(surnames))
    FROM home JOIN individual USING (person_id) WHERE number IS NOT NULL
    UNION ALL
    SELECT person_id, 'street_end_by_ear', concat_ws('|', postcode, number, right(regexp_replace(sound(street), '[aeiou]', '', 'g'), 3))
    FROM home WHERE number IS NOT NULL AND postcode IS NOT NULL
    UNION ALL
    -- a house number with a slip
    SELECT person_id, 'road_and_surname', concat_ws('|', postcode, street, unnest(surnames))
    FROM home JOIN individual USING (person_id) WHERE number IS NULL OR length(number) >= 3
    UNION ALL
    SELECT person_id, 'street_and_surname', concat_ws('|', street, number, unnest(surnames))
    FROM home JOIN individual USING (person_id)
)
