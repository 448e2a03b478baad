-- purpose: Whether their lines are managed together in self-care: 0 each keeps to his own, 1 yes.
WITH manager AS (
    SELECT DISTINCT person_id FROM selfcare_login JOIN party_person USING (party_id)
)
SELECT a, b, (care_link.a IS NOT NULL)::INTEGER AS care
FROM candidate
LEFT JOIN care_link USING (a, b)
WHERE care_link.a IS NOT NULL OR a IN (SELECT person_id FROM manager) AND b IN (SELECT person_id FROM manager)
