-- purpose: How near two homes are: 0 elsewhere, 1 other unit, 2 many flats, 3 few, 4 same number, 5 same unit.
SELECT
    a,
    b,
    max(CASE
        WHEN NOT same_number THEN 0
        WHEN unit_a = unit_b THEN 5
        WHEN unit_a IS NOT NULL AND unit_b IS NOT NULL THEN 1
        WHEN persons > getvariable('few_homes_persons_max') THEN 2
        WHEN units > 0 OR persons > getvariable('one_home_persons_max') THEN 3
        ELSE 4
    END) AS address
FROM (
    SELECT
        a,
        b,
        x.unit AS unit_a,
        y.unit AS unit_b,
        coalesce(x.number = y.number, false)
            AND (x.postcode = y.postcode OR x.city = y.city)
            AND (
                x.street = y.street
                OR x.postcode = y.postcode AND like_street(x.street, y.street)
            ) AS same_number,
        greatest(p.persons, q.persons) AS persons,
        greatest(p.units, q.units) AS units
    FROM candidate
    JOIN home AS x ON x.person_id = a AND x.kind = 'home'
    JOIN home AS y ON y.person_id = b AND y.kind = 'home'
    LEFT JOIN building AS p ON p.street = x.street AND p.number = x.number AND p.postcode IS NOT DISTINCT FROM x.postcode
    LEFT JOIN building AS q ON q.street = y.street AND q.number = y.number AND q.postcode IS NOT DISTINCT FROM y.postcode
)
GROUP BY a, b
