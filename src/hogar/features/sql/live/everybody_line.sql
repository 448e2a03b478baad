-- purpose: every living line
SELECT id FROM (SELECT line_id AS id FROM line_home) AS everybody
