-- purpose: How big is each home as far as we see it: adults and minors with a mobile line, broadband, TV.
WITH served AS (
    SELECT DISTINCT person_id FROM line_guess
), wired AS (
    SELECT household_id, bool_or(kind = 'broadband') AS broadband, bool_or(kind = 'tv') AS tv
    FROM person_line
    JOIN membership ON membership.person_id = coalesce(holder_id, payer_id)
    GROUP BY household_id
)
SELECT
    household_id,
    count(*) FILTER (age >= 18) AS adults,
    count(*) FILTER (age < 18) AS minors,
    count(*) FILTER (age IS NULL) AS ageless,
    coalesce(any_value(broadband), FALSE) AS broadband,
    coalesce(any_value(tv), FALSE) AS tv
FROM membership
JOIN individual USING (person_id)
LEFT JOIN wired USING (household_id)
WHERE person_id IN (SELECT person_id FROM served)
GROUP BY household_id
