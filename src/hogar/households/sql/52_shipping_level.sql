-- purpose: Whether things for the one are sent to the other's home: 0 sent elsewhere, 1 sent there.
SELECT
    a,
    b,
    max((
        coalesce(x.number = y.number, false)
        AND (x.postcode = y.postcode OR x.city = y.city)
        AND like_street(x.street, y.street)
        AND coalesce(x.unit = y.unit, true)
    )::INTEGER) AS shipping
FROM candidate
JOIN home AS x ON x.person_id = a
JOIN home AS y ON y.person_id = b
WHERE x.kind = 'shipping' OR y.kind = 'shipping'
GROUP BY a, b
