-- purpose: Whether their contracts hang together: 0 no, though both have some; 1 to 3 as `account_link` says.
WITH billed AS (
    SELECT holder_id AS person_id FROM person_line WHERE payer_id IS NOT NULL
    UNION SELECT payer_id FROM person_line
)
SELECT a, b, coalesce(level, 0) AS account
FROM candidate
LEFT JOIN account_link USING (a, b)
WHERE level IS NOT NULL
   OR a IN (SELECT person_id FROM billed) AND b IN (SELECT person_id FROM billed)
