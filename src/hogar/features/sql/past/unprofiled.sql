-- purpose: persons of whom nothing is known but contract and payment: who objected to profiling, and minors
-- The latest word of each party counts; one party's refusal is the person's. It counts on every day, also on days
-- before it was spoken: what is computed today is computed without him. Who tells no age and holds no contract may
-- be a minor; who holds one is of age.
CREATE OR REPLACE TABLE past.unprofiled AS
WITH refused AS (
    SELECT party_id
    FROM main.consent
    WHERE purpose = 'profiling'
    GROUP BY party_id
    HAVING arg_max(granted, ("at", NOT granted)) = false
), holder AS (
    SELECT holder_party_id AS party_id FROM main.line WHERE holder_party_id IS NOT NULL
)
SELECT person_id
FROM party_person
LEFT JOIN main.person USING (party_id)
GROUP BY person_id
HAVING bool_or(party_id IN (FROM refused))
    OR max(birth_date) > getvariable('as_of') - INTERVAL 18 YEAR
    OR max(birth_date) IS NULL AND NOT bool_or(party_id IN (FROM holder)) AND NOT coalesce(bool_or(kind = 'business'), false)
