-- purpose: Whether one tops up the other's prepaid line: 0 somebody else does, 1 now and then, 2 as a habit.
WITH traced AS (
    SELECT DISTINCT holder_id AS person_id FROM top_up JOIN person_line USING (line_id)
    WHERE payment_token IS NOT NULL OR payer_party_id IS NOT NULL
)
SELECT
    a,
    b,
    CASE WHEN top_ups >= getvariable('top_up_habit_min') THEN 2 WHEN top_ups > 0 THEN 1 ELSE 0 END AS top_up
FROM candidate
LEFT JOIN top_up_link USING (a, b)
WHERE top_ups > 0 OR a IN (SELECT person_id FROM traced) OR b IN (SELECT person_id FROM traced)
