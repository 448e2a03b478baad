-- purpose: On whom a person depends for a role that he lacks: a fellow member who has it, or an adviser elsewhere.
WITH lacks AS (
    SELECT household_id, person_id, role, role.probability
    FROM role JOIN membership USING (person_id)
    WHERE role.probability < getvariable('role_stated_min') AND role <> 'consumer'
), has AS (
    SELECT household_id, person_id, role, role.probability
    FROM role JOIN membership USING (person_id)
    WHERE role.probability >= getvariable('role_stated_min')
), edge AS (
    SELECT lacks.person_id, has.person_id AS on_person_id, role, 'member' AS kind, lacks.probability AS own, has.probability AS theirs
    FROM lacks
    JOIN has USING (household_id, role)
    UNION ALL
    SELECT
        adviser_edge.person_id, adviser_person_id, 'ict_agent', 'adviser', coalesce(role.probability, 0), adviser_edge.probability
    FROM adviser_edge
    LEFT JOIN role ON role.person_id = adviser_edge.person_id AND role.role = 'ict_agent'
    WHERE adviser_edge.probability >= getvariable('role_stated_min')
)
SELECT person_id, on_person_id, role, kind, round(((1 - own) * theirs)::DOUBLE, 9) AS probability
FROM edge
ORDER BY person_id, on_person_id, role
