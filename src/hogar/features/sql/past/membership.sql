-- purpose: today's households, on a day before without persons who were no customers yet
CREATE OR REPLACE VIEW past.membership AS
SELECT * FROM main.membership
WHERE getvariable('as_of') >= getvariable('extracted')
   OR person_id IN (
    SELECT person_id
    FROM main.party_person
    LEFT JOIN main.person USING (party_id)
    WHERE customer_since IS NULL OR customer_since <= getvariable('as_of')
)
