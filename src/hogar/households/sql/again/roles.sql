-- purpose: Of whose homes the roles are shared out again, and the rows that this takes.
-- into moved_home
SELECT household_id FROM delta_role_fact
UNION
SELECT household_id FROM every_membership
WHERE person_id IN (
    SELECT person_id FROM delta_adviser_edge
    UNION SELECT person_id FROM delta_line_user
    UNION SELECT person_id FROM delta_individual
    UNION SELECT person_id FROM delta_membership
    UNION SELECT person_id FROM delta_party_person
    UNION SELECT person_id FROM every_party_person SEMI JOIN (FROM delta_declaration WHERE kind = 'role') USING (party_id)
)
-- into touched
SELECT person_id FROM every_membership SEMI JOIN moved_home USING (household_id)
UNION SELECT person_id FROM every_role_fact SEMI JOIN moved_home USING (household_id)
-- into role_fact
FROM kept.role_fact SEMI JOIN moved_home USING (household_id)
-- into membership
FROM kept.membership SEMI JOIN moved_home USING (household_id)
-- into individual
FROM kept.individual SEMI JOIN temp.membership USING (person_id)
-- into line_user
FROM kept.line_user SEMI JOIN temp.membership USING (person_id)
