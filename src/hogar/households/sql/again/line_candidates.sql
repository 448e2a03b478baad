-- purpose: Of which lines the users are looked at again, and the rows that this takes.
-- into mover
SELECT person_id FROM delta_individual
UNION SELECT person_id FROM delta_line_claim
UNION SELECT person_id FROM delta_line_manager
UNION SELECT unnest([holder_id, payer_id]) FROM delta_person_line
-- what is in a holder's name and nobody else is known to use
UNION SELECT unnest([holder_id, payer_id]) FROM every_person_line SEMI JOIN delta_line_claim USING (line_id)
-- into fellow_now
SELECT person_id FROM every_membership SEMI JOIN delta_membership USING (household_id)
-- into touched
SELECT line_id FROM delta_person_line
UNION SELECT line_id FROM delta_bill
UNION SELECT line_id FROM delta_line_claim
UNION SELECT line_id FROM delta_line_manager
UNION SELECT line_id FROM delta_line_filler
UNION SELECT line_id FROM kept.person_line WHERE holder_id IN (FROM fellow_now) OR payer_id IN (FROM fellow_now)
UNION SELECT line_id FROM kept.line_candidate WHERE person_id IN (FROM mover UNION FROM fellow_now)
-- into own_line
FROM kept.person_line SEMI JOIN touched USING (line_id)
-- into line_claim_here
SELECT person_id FROM kept.line_claim SEMI JOIN touched USING (line_id)
-- into near_person
WITH party AS (
    SELECT unnest([holder_id, payer_id]) AS person_id FROM own_line
), house AS (
    SELECT household_id FROM kept.membership SEMI JOIN party USING (person_id)
)
FROM party
UNION SELECT person_id FROM kept.membership SEMI JOIN house USING (household_id)
UNION FROM line_claim_here
UNION SELECT person_id FROM kept.line_manager SEMI JOIN touched USING (line_id)
UNION SELECT person_id FROM kept.line_filler SEMI JOIN touched USING (line_id)
-- into individual
FROM kept.individual SEMI JOIN near_person USING (person_id)
-- into membership
FROM kept.membership SEMI JOIN near_person USING (person_id)
-- into person_line
FROM own_line
UNION FROM kept.person_line WHERE coalesce(holder_id, payer_id) IN (FROM near_person)
-- into bill
FROM kept.bill SEMI JOIN touched USING (line_id)
