-- purpose: every person, and whether only contract and payment may be known of him
SELECT person_id AS id, person_id IN (FROM unprofiled) AS hidden FROM membership
