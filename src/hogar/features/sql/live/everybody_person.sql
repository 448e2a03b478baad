-- purpose: every person
SELECT id FROM (SELECT person_id AS id FROM membership) AS everybody
