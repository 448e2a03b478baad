-- purpose: How much two consenting persons talk in a month: 0 not, 1 little, 2 some, 3 much.
WITH heard AS (
    SELECT DISTINCT holder_id AS person_id
    FROM person_line JOIN individual ON individual.person_id = holder_id
    WHERE shares_traffic AND age >= 18 AND person_line.kind IN ('mobile_postpaid', 'mobile_prepaid')
)
SELECT
    a,
    b,
    CASE
        WHEN calls_month >= getvariable('tie_calls_many') THEN 3
        WHEN calls_month >= getvariable('tie_calls_some') THEN 2
        WHEN calls_month > 0 THEN 1
        ELSE 0
    END AS ties
FROM candidate
LEFT JOIN tie_link USING (a, b)
WHERE calls_month > 0 OR a IN (SELECT person_id FROM heard) AND b IN (SELECT person_id FROM heard)
