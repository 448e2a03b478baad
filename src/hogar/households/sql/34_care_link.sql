-- purpose: Whose lines are managed together in self-care; who manages lines of very many is a shop or an office.
WITH manages AS (
    SELECT DISTINCT person_id AS manager_id, holder_id
    FROM selfcare_login
    JOIN party_person USING (party_id)
    JOIN person_line USING (line_id)
    WHERE holder_id IS NOT NULL
    UNION SELECT person_id, person_id FROM selfcare_login JOIN party_person USING (party_id)
), fit AS (
    SELECT manager_id FROM manages GROUP BY manager_id HAVING count(*) <= getvariable('payer_persons_max')
)
SELECT DISTINCT x.holder_id AS a, y.holder_id AS b
FROM manages AS x
JOIN manages AS y USING (manager_id)
JOIN fit USING (manager_id)
WHERE x.holder_id < y.holder_id
