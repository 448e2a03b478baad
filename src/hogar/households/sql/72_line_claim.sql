-- purpose: Lines whose user is as good as told: by the latest word about the line, or as the one line of a self-care account.
WITH declared AS (
    SELECT line_id, arg_max(person_id, ("at", person_id)) AS person_id
    FROM declaration
    JOIN party_person ON party_person.party_id = coalesce(other_party_id, declaration.party_id)
    WHERE declaration.kind = 'uses_line'
    GROUP BY line_id
)
SELECT line_id, person_id, true AS declared
FROM declared
WHERE line_id IS NOT NULL
UNION ALL
SELECT line_id, person_id, false
FROM line_manager
JOIN individual USING (person_id)
WHERE mobile AND mobile_lines = 1 AND NOT objects AND line_id NOT IN (SELECT line_id FROM declared WHERE line_id IS NOT NULL)
