-- purpose: the persons one of whose lines allows it
SELECT line_home.user_id
FROM line_home
JOIN consented_line ON consented_line.line_id = line_home.line_id
WHERE consented_line.purpose = :consent AND line_home.user_id IS NOT NULL
