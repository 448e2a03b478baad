-- Which complaints of the members are open on :as_of. They stop offers and lead to care.
SELECT
    household_id AS id,
    count(ticket_id) FILTER (ticket.kind = 'complaint' AND closed_at IS NULL) AS open_complaints
FROM membership
JOIN party_person USING (person_id)
LEFT JOIN ticket USING (party_id)
GROUP BY household_id
