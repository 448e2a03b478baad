-- purpose: How much two consenting adults talk in a month: 0 not, 1 hardly, 2 a little, 3 some, 4 much.
SELECT
    a,
    b,
    CASE
        WHEN calls_month >= getvariable('tie_calls_much') THEN 4
        WHEN calls_month >= getvariable('tie_calls_many') THEN 3
        WHEN calls_month >= getvariable('tie_calls_some') THEN 2
        WHEN calls_month + coalesce(texts_month, 0) > 0 THEN 1
        ELSE 0
    END AS ties
FROM candidate
LEFT JOIN tie_link USING (a, b)
WHERE calls_month IS NOT NULL OR a IN (FROM heard) AND b IN (FROM heard)
