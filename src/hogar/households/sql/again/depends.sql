-- purpose: Who may depend on others again, and the rows that this takes.
-- into moved_home
SELECT household_id FROM every_membership
WHERE person_id IN (
    SELECT person_id FROM delta_role UNION SELECT person_id FROM delta_adviser_edge UNION SELECT person_id FROM delta_membership
)
-- into touched
SELECT person_id FROM every_membership SEMI JOIN moved_home USING (household_id)
-- into membership
FROM kept.membership SEMI JOIN moved_home USING (household_id)
-- into role
FROM kept.role SEMI JOIN temp.membership USING (person_id)
-- into adviser_edge
FROM kept.adviser_edge SEMI JOIN touched USING (person_id)
