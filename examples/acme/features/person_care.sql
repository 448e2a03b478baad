-- What a person complained about in the 90 days before :as_of.
SELECT
    person_id AS id,
    count(ticket_id) FILTER (ticket.kind = 'complaint' AND opened_at >= :as_of - INTERVAL 90 DAY) AS complaints_90d
FROM party_person
LEFT JOIN ticket USING (party_id)
GROUP BY person_id
