-- purpose: How much two adults talk in a month, of what both ends' consent let through; nothing of minors.
WITH adult AS (
    SELECT person_id FROM individual WHERE age >= 18
)
SELECT a, b, sum(calls) / count(DISTINCT month) AS calls_month
FROM (
    SELECT least(x.holder_id, y.holder_id) AS a, greatest(x.holder_id, y.holder_id) AS b, month, calls
    FROM tie_month
    JOIN person_line AS x ON x.line_id = tie_month.line_id
    JOIN person_line AS y ON y.line_id = tie_month.other_line_id
    WHERE x.holder_id <> y.holder_id
)
WHERE a IN (SELECT person_id FROM adult) AND b IN (SELECT person_id FROM adult)
GROUP BY a, b
