-- purpose: Who looks after whose lines, in self-care, with a ticket or an order; who does so for many is a shop or an office.
WITH looks_after AS (
    SELECT person_id AS keeper_id, line_id FROM selfcare_login JOIN party_person USING (party_id)
    UNION
    SELECT person_id, line_id FROM ticket JOIN party_person USING (party_id) WHERE line_id IS NOT NULL
    UNION
    SELECT person_id, line_id FROM "order" JOIN party_person USING (party_id) WHERE line_id IS NOT NULL
), keeps AS (
    SELECT DISTINCT keeper_id, holder_id FROM looks_after JOIN person_line USING (line_id) WHERE holder_id IS NOT NULL
    UNION SELECT keeper_id, person_id FROM looks_after JOIN line_guess USING (line_id)
    UNION SELECT keeper_id, keeper_id FROM looks_after
), fit AS (
    SELECT keeper_id
    FROM keeps
    -- what somebody does who objected links him by contract alone, and nobody else
    WHERE keeper_id NOT IN (SELECT person_id FROM individual WHERE objects)
    GROUP BY keeper_id
    HAVING count(*) <= getvariable('payer_persons_max')
)
SELECT DISTINCT x.holder_id AS a, y.holder_id AS b
FROM keeps AS x
JOIN keeps AS y USING (keeper_id)
JOIN fit USING (keeper_id)
WHERE x.holder_id < y.holder_id
