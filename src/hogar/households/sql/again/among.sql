-- purpose: Of which pairs the third persons are looked at again, and the rows that this takes.
-- into touched
SELECT person_a, person_b FROM delta_first_pair
UNION
SELECT person_a, person_b FROM kept.first_pair
WHERE person_a IN (SELECT person_id FROM delta_fellow) OR person_b IN (SELECT person_id FROM delta_fellow)
-- into scored_pair
FROM kept.first_pair SEMI JOIN touched USING (person_a, person_b)
-- into fellow
FROM kept.fellow WHERE person_id IN (SELECT person_a FROM temp.scored_pair UNION SELECT person_b FROM temp.scored_pair)
