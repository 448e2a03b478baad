-- purpose: the silos' events of some types since a moment, by the line or else the party that they are about
SELECT source, event_id, type, epoch_us("at") AS "at", coalesce(line_id, party_id) AS subject, data
FROM event
WHERE list_contains($types, type) AND "at" >= $since AND coalesce(line_id, party_id) IS NOT NULL
ORDER BY source, event_id
