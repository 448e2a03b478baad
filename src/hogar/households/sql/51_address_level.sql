-- purpose: How near two homes are: 0 elsewhere, 1 other unit, 2 many flats, 3 few, 4 same number, 5 same unit.
SELECT
    a,
    b,
    max(CASE
        -- a street without a number says neither
        WHEN no_number AND one_street THEN NULL
        WHEN NOT same_number THEN 0
        -- a barracks, a college, a home for the old: one address says nothing about two of so many
        WHEN persons > getvariable('institution_persons_max') AND units = 0 THEN 0
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
        (x.number IS NULL OR y.number IS NULL) AS no_number,
        like_street(x.street, y.street) AS one_street,
        x.unit AS unit_a,
        y.unit AS unit_b,
        coalesce(x.number = y.number OR kin AND near_number(x.number, y.number), false)
            AND (x.postcode = y.postcode OR x.city = y.city)
            AND (
                x.street = y.street
                OR x.postcode = y.postcode AND like_street(x.street, y.street) AND x.number = y.number
                -- a long number at two streets that are written alike is one house
                OR x.postcode = y.postcode AND x.number = y.number AND length(x.number) >= 4
                    AND jaro_winkler_similarity(x.street, y.street) >= getvariable('street_similarity_long_number_min')
                -- kin at one number: the street may be written badly
                OR x.postcode = y.postcode AND kin AND x.number = y.number AND length(x.number) >= 3
                    AND jaro_winkler_similarity(x.street, y.street) >= getvariable('street_similarity_kin_min')
            ) AS same_number,
        greatest(p.persons, q.persons) AS persons,
        greatest(p.units, q.units) AS units
    FROM (
        SELECT candidate.*, len(list_intersect(p.surnames, q.surnames)) > 0 AS kin
        FROM candidate
        JOIN individual AS p ON p.person_id = a
        JOIN individual AS q ON q.person_id = b
    )
    JOIN home AS x ON x.person_id = a AND x.kind = 'home'
    JOIN home AS y ON y.person_id = b AND y.kind = 'home'
    LEFT JOIN building AS p ON p.street = x.street AND p.number = x.number AND p.postcode IS NOT DISTINCT FROM x.postcode
    LEFT JOIN building AS q ON q.street = y.street AND q.number = y.number AND q.postcode IS NOT DISTINCT FROM y.postcode
)
GROUP BY a, b
