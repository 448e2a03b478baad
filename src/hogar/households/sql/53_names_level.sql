-- purpose: Surnames in common, in any order: 0 none, 1 a common one, 2 a rare one, 3 two.
SELECT
    a,
    b,
    CASE
        WHEN len(shared) >= 2 THEN 3
        WHEN len(shared) = 0 THEN 0
        WHEN share <= getvariable('rare_surname_share_max') THEN 2
        ELSE 1
    END AS names
FROM (
    SELECT a, b, list_intersect(x.surnames, y.surnames) AS shared
    FROM candidate
    JOIN individual AS x ON x.person_id = a
    JOIN individual AS y ON y.person_id = b
    WHERE len(x.surnames) > 0 AND len(y.surnames) > 0
)
LEFT JOIN surname ON surname.name = shared[1]
