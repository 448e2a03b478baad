-- purpose: every household
SELECT household_id AS id, false AS hidden FROM membership GROUP BY household_id
