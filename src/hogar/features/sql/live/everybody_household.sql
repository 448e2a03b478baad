-- purpose: every household
SELECT id FROM (SELECT DISTINCT household_id AS id FROM membership) AS everybody
