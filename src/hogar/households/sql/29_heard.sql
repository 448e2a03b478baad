-- purpose: Adults whose traffic may be looked at and whose mobile line we know: for others, no call is no evidence.
SELECT DISTINCT person_id
FROM line_guess JOIN individual USING (person_id)
WHERE shares_traffic AND age >= 18 AND NOT objects
