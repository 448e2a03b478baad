-- purpose: Who has which role: declared, else from the contract. None for minors, and none for who objected.
WITH fit AS (
    SELECT person_id, household_id
    FROM individual JOIN membership USING (person_id)
    WHERE NOT objects
      AND (age >= 18 OR kind = 'business'
           OR age IS NULL AND person_id IN (SELECT holder_id FROM person_line WHERE holder_id IS NOT NULL))
), declared AS (
    SELECT DISTINCT household_id, person_id, role
    FROM declaration JOIN party_person USING (party_id) JOIN fit USING (person_id)
    WHERE declaration.kind = 'role' AND role IN (SELECT unnest(getvariable('roles')))
), manages AS (
    SELECT person_id
    FROM selfcare_login JOIN party_person USING (party_id)
    GROUP BY person_id HAVING count(DISTINCT line_id) >= 2
), held AS (
    SELECT holder_id AS person_id, 'legal_representative' AS role FROM person_line
    UNION SELECT payer_id, 'financial_controller' FROM person_line
    UNION SELECT person_id, 'office_manager' FROM manages
    UNION SELECT holder_id, 'ict_agent' FROM person_line
    UNION SELECT person_id, 'consumer' FROM individual WHERE kind = 'person'
), found AS (
    SELECT household_id, person_id, role, 'declared' AS source FROM declared
    UNION ALL
    SELECT household_id, person_id, role, 'holder'
    FROM held JOIN fit USING (person_id)
    -- one declared payer in a home: the contract's guess steps back; everybody goes on using
    WHERE role = 'consumer' AND (person_id, role) NOT IN (SELECT (person_id, role) FROM declared)
       OR role <> 'consumer' AND (household_id, role) NOT IN (SELECT (household_id, role) FROM declared)
)
SELECT
    person_id,
    role,
    CASE WHEN source = 'declared' THEN getvariable('declared_role_probability')
         ELSE getvariable('holder_role_probability')[role] END::DOUBLE AS probability,
    source
FROM found
ORDER BY person_id, role
