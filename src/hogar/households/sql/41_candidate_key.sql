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
    SELECT person_id, 'building_and_surname', concat_ws('|', postcode, number, unnest(surnames))
    FROM home JOIN individual USING (person_id) WHERE number IS NOT NULL
    UNION ALL
    SELECT person_id, 'street_and_surname', concat_ws('|', street, number, unnest(surnames))
    FROM home JOIN individual USING (person_id)
)
