-- purpose: Of which pairs the evidence is looked at again.
-- into mover
SELECT person_id FROM delta_individual
UNION SELECT person_id FROM delta_party_person
UNION SELECT person_id FROM delta_home
UNION SELECT person_id FROM delta_contact
UNION SELECT person_id FROM delta_night
UNION SELECT person_id FROM delta_heard
UNION SELECT person_id FROM delta_line_guess
UNION SELECT person_id FROM every_line_guess SEMI JOIN delta_device_use USING (line_id)
UNION SELECT unnest([holder_id, payer_id]) FROM delta_person_line
UNION SELECT holder_id FROM every_person_line SEMI JOIN delta_top_up USING (line_id)
UNION SELECT person_id FROM every_party_person SEMI JOIN delta_selfcare_login USING (party_id)
-- a house that became full or a house of flats, a door behind which somebody came or went
UNION
SELECT home.person_id
FROM kept.home
SEMI JOIN delta_building AS other
    ON other.street = home.street AND other.number = home.number AND other.postcode IS NOT DISTINCT FROM home.postcode
UNION
SELECT home.person_id
FROM kept.home
SEMI JOIN delta_home AS other
    ON other.street = home.street AND other.number = home.number
    AND other.unit IS NOT DISTINCT FROM home.unit AND other.postcode IS NOT DISTINCT FROM home.postcode
-- into bearer
SELECT person_id, name FROM (SELECT person_id, unnest(surnames) AS name FROM kept.individual) SEMI JOIN delta_surname USING (name)
-- into touched
WITH looked_at AS (
    FROM kept.candidate UNION FROM kept.chain
)
SELECT a AS person_a, b AS person_b FROM looked_at WHERE a IN (FROM mover) OR b IN (FROM mover)
UNION SELECT a, b FROM delta_candidate
-- who shares a surname that became rare or common
UNION
SELECT a, b FROM looked_at
JOIN bearer AS x ON x.person_id = a
JOIN bearer AS y ON y.person_id = b AND y.name = x.name
UNION SELECT a, b FROM looked_at SEMI JOIN delta_account_link USING (a, b)
UNION SELECT a, b FROM looked_at SEMI JOIN delta_top_up_link USING (a, b)
UNION SELECT a, b FROM looked_at SEMI JOIN delta_care_link USING (a, b)
UNION SELECT a, b FROM looked_at SEMI JOIN delta_device_link USING (a, b)
UNION SELECT a, b FROM looked_at SEMI JOIN delta_declared_link USING (a, b)
UNION SELECT a, b FROM looked_at SEMI JOIN delta_tie_link USING (a, b)
UNION SELECT a, b FROM looked_at SEMI JOIN delta_judged_link USING (a, b)
