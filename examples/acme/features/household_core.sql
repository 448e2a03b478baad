-- Who makes up a household, without those of whom nothing may be inferred, as of :as_of.
WITH payer AS (
    SELECT household_id, count(DISTINCT coalesce(payer_id, '')) AS payers, min(started_on) AS since
    FROM line_home
    WHERE household_id IS NOT NULL
    GROUP BY household_id
), declared AS (
    SELECT DISTINCT household_id FROM adviser JOIN membership USING (person_id)
)
SELECT
    household_id AS id,
    count(*) FILTER (person_id NOT IN (FROM unprofiled)) AS members,
    -- age unknown: grown up where a contract is held
    count(*) FILTER (
        person_id NOT IN (FROM unprofiled)
        AND coalesce(age >= 18, person_id IN (SELECT holder_id FROM line_home WHERE holder_id IS NOT NULL))
    ) AS adults,
    coalesce(any_value(payers), 0) AS payers,
    datesub('month', any_value(payer.since), :as_of) AS tenure_months,
    household_id IN (FROM declared) AS has_adviser
FROM membership
JOIN person_features ON person_features.id = person_id
LEFT JOIN payer USING (household_id)
GROUP BY household_id
