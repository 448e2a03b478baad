-- purpose: Of which pairs the talk is added up again, and the rows that this takes.
-- into moved
SELECT line_id FROM delta_line_guess
UNION SELECT line_id FROM every_line_guess SEMI JOIN delta_heard USING (person_id)
-- into touched
SELECT DISTINCT least(x.person_id, y.person_id) AS a, greatest(x.person_id, y.person_id) AS b
FROM (
    SELECT line_id, other_line_id FROM delta_tie_month
    UNION
    SELECT line_id, other_line_id FROM kept.tie_month WHERE line_id IN (FROM moved) OR other_line_id IN (FROM moved)
) AS tie
JOIN every_line_guess AS x ON x.line_id = tie.line_id
JOIN every_line_guess AS y ON y.line_id = tie.other_line_id
WHERE x.person_id <> y.person_id
-- into line_guess
FROM kept.line_guess WHERE person_id IN (SELECT a FROM touched UNION SELECT b FROM touched)
-- into tie_month
FROM kept.tie_month
SEMI JOIN temp.line_guess USING (line_id)
WHERE other_line_id IN (SELECT line_id FROM temp.line_guess)
