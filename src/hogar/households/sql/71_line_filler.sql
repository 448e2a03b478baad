-- purpose: Who tops up which prepaid balance by name, and how often.
SELECT line_id, person_id, count(*) AS times
FROM top_up
JOIN party_person ON party_id = payer_party_id
JOIN person_line USING (line_id)
GROUP BY line_id, person_id
