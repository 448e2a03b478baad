-- purpose: Who refused profiling by his latest word, in any of his parties: nothing is inferred about him.
SELECT DISTINCT person_id
FROM consent
JOIN party_person USING (party_id)
WHERE purpose = 'profiling'
GROUP BY person_id, party_id
-- at one moment the refusal counts
HAVING arg_max(granted, ("at", NOT granted)) = false
