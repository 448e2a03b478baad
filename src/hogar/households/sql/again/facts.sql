-- purpose: Of which persons facts, homes and keys are looked at again, and the rows that this takes.
-- into touched
SELECT person_id FROM delta_party_person
UNION
SELECT person_id FROM every_party_person
WHERE party_id IN (
    SELECT party_id FROM delta_party
    UNION SELECT party_id FROM delta_consent
    UNION SELECT party_id FROM delta_address
)
-- into party_person
FROM kept.party_person SEMI JOIN touched USING (person_id)
-- into party
FROM kept.party SEMI JOIN temp.party_person USING (party_id)
-- into consent
FROM kept.consent SEMI JOIN temp.party_person USING (party_id)
-- into address
FROM kept.address SEMI JOIN temp.party_person USING (party_id)
