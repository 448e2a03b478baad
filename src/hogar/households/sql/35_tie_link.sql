-- purpose: How much two adults talk in a month, of what both ends' consent let through; nothing of minors.
SELECT
    a,
    b,
    sum(calls) / count(DISTINCT month) AS calls_month,
    sum(texts) / count(DISTINCT month) AS texts_month,
    sum(minutes) / nullif(sum(calls), 0) AS minutes_call,
    sum(evening_share * calls) / nullif(sum(calls), 0) AS evening_share
FROM (
    SELECT
        least(x.person_id, y.person_id) AS a,
        greatest(x.person_id, y.person_id) AS b,
        month,
        calls,
        texts,
        minutes,
        evening_share
    FROM tie_month
    JOIN line_guess AS x ON x.line_id = tie_month.line_id
    JOIN line_guess AS y ON y.line_id = tie_month.other_line_id
    WHERE x.person_id <> y.person_id
)
WHERE a IN (SELECT person_id FROM heard) AND b IN (SELECT person_id FROM heard)
GROUP BY a, b
