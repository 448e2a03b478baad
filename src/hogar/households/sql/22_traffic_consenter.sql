-- purpose: Who allows the use of traffic, and of location, data in every party that gave an answer: for others, none is no evidence.
WITH said AS (
    SELECT person_id, party_id, purpose, arg_max(granted, ("at", NOT granted)) AS granted
    FROM consent
    JOIN party_person USING (party_id)
    -- as at the gate: a grant counts for all channels only, a refusal whatever the channel
    WHERE purpose IN ('traffic', 'location') AND (channel = 'any' OR NOT granted)
    GROUP BY person_id, party_id, purpose
)
SELECT
    person_id,
    coalesce(bool_and(granted) FILTER (purpose = 'traffic'), false) AS traffic,
    coalesce(bool_and(granted) FILTER (purpose = 'location'), false) AS location
FROM said
GROUP BY person_id
