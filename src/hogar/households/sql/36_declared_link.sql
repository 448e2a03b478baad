-- purpose: Who was said to live together or apart: the latest word holds, `apart` at one moment.
SELECT a, b, arg_max(kind = 'lives_with', ("at", kind = 'lives_apart')) AS together
FROM (
    SELECT
        least(x.person_id, y.person_id) AS a,
        greatest(x.person_id, y.person_id) AS b,
        declaration.kind,
        "at"
    FROM declaration
    JOIN party_person AS x ON x.party_id = declaration.party_id
    JOIN party_person AS y ON y.party_id = declaration.other_party_id
    WHERE declaration.kind IN ('lives_with', 'lives_apart') AND x.person_id <> y.person_id
)
GROUP BY a, b
