-- purpose: Who allows the use of traffic data in every party that gave an answer: for others, no call is no evidence.
SELECT person_id
FROM (
    SELECT person_id, party_id, arg_max(granted, ("at", NOT granted)) AS granted
    FROM consent
    JOIN party_person USING (party_id)
    WHERE purpose = 'traffic'
    GROUP BY person_id, party_id
)
GROUP BY person_id
HAVING bool_and(granted)
