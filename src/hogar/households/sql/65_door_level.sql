-- purpose: How many are known behind the door that two share: 0 seven and more, 1 five or six, 2 three or four, 3 only these two.
WITH near AS MATERIALIZED (
    SELECT a, b FROM address_level WHERE address >= 4
), door AS MATERIALIZED (
    SELECT street, number, unit, postcode, count(DISTINCT person_id) AS persons
    FROM home
    WHERE kind = 'home' AND number IS NOT NULL
    GROUP BY ALL
)
SELECT
    a,
    b,
    min(CASE WHEN persons <= 2 THEN 3 WHEN persons <= 4 THEN 2 WHEN persons <= 6 THEN 1 ELSE 0 END) AS door
FROM near
JOIN home AS x ON x.person_id = a AND x.kind = 'home'
JOIN home AS y ON y.person_id = b AND y.kind = 'home' AND y.number = x.number AND y.unit IS NOT DISTINCT FROM x.unit
    AND (y.postcode = x.postcode OR y.street = x.street)
JOIN door ON door.number = x.number AND door.street = x.street AND door.unit IS NOT DISTINCT FROM x.unit
    AND door.postcode IS NOT DISTINCT FROM x.postcode
GROUP BY a, b
