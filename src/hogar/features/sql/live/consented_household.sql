-- purpose: the households one of whose lines allows it, of a user of whom something may be known
SELECT line_home.household_id
FROM line_home
JOIN consented_line ON consented_line.line_id = line_home.line_id
WHERE consented_line.purpose = :consent
  AND line_home.household_id IS NOT NULL
  AND line_home.user_id NOT IN (SELECT person_id FROM unprofiled)
