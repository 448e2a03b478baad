-- What can be delivered to a household's home. Members may give several addresses: the postcode that most give.
WITH given AS (
    SELECT household_id, postcode, count(*) AS times, max(valid_from) AS latest
    FROM membership
    JOIN party_person USING (person_id)
    JOIN address USING (party_id)
    WHERE address.kind = 'home' AND postcode IS NOT NULL
    GROUP BY household_id, postcode
), home AS (
    SELECT household_id, arg_max(postcode, (times, coalesce(latest, DATE '1900-01-01'), postcode)) AS postcode
    FROM given
    GROUP BY household_id
)
SELECT
    household_id AS id,
    -- a postcode that the network planners do not list is unknown, not undeliverable
    bool_or(available) FILTER (technology = 'fibre') AS fibre_available,
    bool_or(available) FILTER (technology = 'adsl') AS adsl_available
FROM home
LEFT JOIN serviceability USING (postcode)
GROUP BY household_id
