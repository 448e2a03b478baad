-- purpose: Whether their bills are paid together: 0 no, though both have bills; 1 yes.
WITH billed AS (
    SELECT holder_id AS person_id FROM person_line WHERE payer_id IS NOT NULL
    UNION SELECT payer_id FROM person_line
)
SELECT a, b, (bill_link.a IS NOT NULL)::INTEGER AS bill
FROM candidate
LEFT JOIN bill_link USING (a, b)
WHERE bill_link.a IS NOT NULL
   OR a IN (SELECT person_id FROM billed) AND b IN (SELECT person_id FROM billed)
