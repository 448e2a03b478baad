-- What is usually spent in a month, and by how many: every customer is a household alone here, as of :as_of.
SELECT
    household_id AS id,
    sum(person_features.monthly_fee) AS spend_eur,
    round(1.15 * sum(person_features.monthly_fee), 2) AS spend_band_eur,
    count(DISTINCT payer_id) AS payers
FROM membership
JOIN person_features ON person_features.id = membership.person_id
LEFT JOIN (SELECT DISTINCT household_id, payer_id FROM line_home) AS payer USING (household_id)
GROUP BY household_id
