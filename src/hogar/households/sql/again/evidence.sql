-- purpose: The rows that the evidence of the pairs in `touched` takes.
-- into candidate
SELECT person_a AS a, person_b AS b
FROM touched
WHERE (person_a, person_b) IN (SELECT (a, b) FROM kept.candidate) OR (person_a, person_b) IN (SELECT (a, b) FROM kept.chain)
-- into end_person
SELECT a AS person_id FROM temp.candidate UNION SELECT b FROM temp.candidate
-- into individual
FROM kept.individual SEMI JOIN end_person USING (person_id)
-- into end_home
FROM kept.home SEMI JOIN end_person USING (person_id)
-- into home
-- with everybody at these doors: how many are known there
FROM end_home
UNION
FROM kept.home
SEMI JOIN end_home AS other
    ON other.street = home.street AND other.number = home.number
    AND other.unit IS NOT DISTINCT FROM home.unit AND other.postcode IS NOT DISTINCT FROM home.postcode
-- into contact
FROM kept.contact SEMI JOIN end_person USING (person_id)
-- into night
FROM kept.night SEMI JOIN end_person USING (person_id)
-- into line_guess
FROM kept.line_guess SEMI JOIN end_person USING (person_id)
-- into device_use
FROM kept.device_use SEMI JOIN temp.line_guess USING (line_id)
-- into person_line
FROM kept.person_line WHERE holder_id IN (FROM end_person) OR payer_id IN (FROM end_person)
-- into top_up
FROM kept.top_up SEMI JOIN temp.person_line USING (line_id)
-- into party_person
FROM kept.party_person SEMI JOIN end_person USING (person_id)
-- into selfcare_login
FROM kept.selfcare_login SEMI JOIN temp.party_person USING (party_id)
