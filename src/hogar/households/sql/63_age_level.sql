-- purpose: How their ages lie: 0 neither, 1 a generation, 2 the same and the younger is under 25, 3 ten years, 4 five, 5 parent and minor.
SELECT
    a,
    b,
    CASE
        WHEN least(x.age, y.age) < 18 AND abs(x.age - y.age) BETWEEN 18 AND 45 THEN 5
        WHEN abs(x.age - y.age) <= 5 THEN 4
        WHEN abs(x.age - y.age) <= 10 THEN 3
        WHEN abs(x.age - y.age) BETWEEN 18 AND 45 AND least(x.age, y.age) < 25 THEN 2
        WHEN abs(x.age - y.age) BETWEEN 18 AND 45 THEN 1
        ELSE 0
    END AS age
FROM candidate
JOIN individual AS x ON x.person_id = a
JOIN individual AS y ON y.person_id = b
WHERE x.age IS NOT NULL AND y.age IS NOT NULL
