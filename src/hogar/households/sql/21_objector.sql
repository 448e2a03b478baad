-- purpose: Who refused profiling by his latest word, in any of his parties: nothing is inferred about him.
SELECT DISTINCT person_id
FROM consent
JOIN party_person USING (party_id)
-- a refusal counts whatever the channel, and only a grant for all channels takes it back
WHERE purpose = 'profiling' AND (channel = 'any' OR NOT granted)
GROUP BY person_id, party_id
-- at one moment the refusal counts
HAVING arg_max(granted, ("at", NOT granted)) = false
