-- purpose: Of two at one house number, who is also known at another home: 0 both, 1 one of them, 2 neither.
WITH homes AS (
    SELECT person_id, count(DISTINCT (street, number)) AS homes FROM home WHERE kind = 'home' AND number IS NOT NULL GROUP BY person_id
)
SELECT a, b, (x.homes = 1)::INTEGER + (y.homes = 1)::INTEGER AS elsewhere
FROM address_level
JOIN homes AS x ON x.person_id = a
JOIN homes AS y ON y.person_id = b
WHERE address >= 2
