-- purpose: How many parties bear each first name and surname, of how many: how many namesakes are to be expected.
SELECT name, count(*) AS bearers, (SELECT count(*) FROM party) AS parties
FROM (SELECT unnest([first_name, last_name]) AS name FROM party WHERE kind = 'person')
WHERE name IS NOT NULL
GROUP BY name
