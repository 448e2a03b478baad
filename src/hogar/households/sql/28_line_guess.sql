-- purpose: Who most likely uses a mobile line: whom somebody declared, who alone manages it in self-care, its holder.
WITH declared AS (
    SELECT line_id, arg_max(person_id, ("at", person_id)) AS person_id
    FROM declaration
    JOIN party_person ON party_person.party_id = coalesce(other_party_id, declaration.party_id)
    WHERE declaration.kind = 'uses_line' AND line_id IS NOT NULL
    GROUP BY line_id
), mobile AS (
    SELECT line_id, holder_id, payer_id FROM person_line WHERE kind IN ('mobile_postpaid', 'mobile_prepaid')
), login AS (
    -- of who objected nothing is guessed
    SELECT DISTINCT line_id, person_id
    FROM selfcare_login JOIN party_person USING (party_id)
    WHERE person_id NOT IN (SELECT person_id FROM individual WHERE objects)
), only_line AS (
    -- one who manages a single line and holds none
    SELECT person_id, min(line_id) AS line_id
    FROM login
    WHERE person_id NOT IN (SELECT holder_id FROM mobile WHERE holder_id IS NOT NULL)
    GROUP BY person_id
    HAVING count(*) = 1
), manager AS (
    SELECT line_id, min(person_id) AS person_id FROM only_line GROUP BY line_id HAVING count(*) = 1
)
SELECT line_id, coalesce(declared.person_id, manager.person_id, holder_id) AS person_id
FROM mobile
LEFT JOIN declared USING (line_id)
LEFT JOIN manager USING (line_id)
WHERE coalesce(declared.person_id, manager.person_id, holder_id) IS NOT NULL
