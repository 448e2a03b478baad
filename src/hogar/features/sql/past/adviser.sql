-- purpose: advisers who had been declared until the day
CREATE OR REPLACE VIEW past.adviser AS
SELECT * FROM main.adviser
WHERE getvariable('as_of') >= getvariable('extracted')
   OR (person_id, adviser_person_id) IN (
    SELECT asks.person_id, advises.person_id
    FROM main.declaration
    JOIN main.party_person AS asks ON asks.party_id = declaration.party_id
    JOIN main.party_person AS advises ON advises.party_id = declaration.other_party_id
    WHERE declaration.kind = 'adviser' AND declaration."at" < getvariable('as_of') + INTERVAL 1 DAY
)
