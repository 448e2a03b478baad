-- purpose: the parties of persons of whom nothing is known but contract and payment
CREATE OR REPLACE TABLE past.unprofiled_party AS
SELECT DISTINCT party_id FROM main.party_person WHERE person_id IN (FROM past.unprofiled) AND party_id IS NOT NULL
