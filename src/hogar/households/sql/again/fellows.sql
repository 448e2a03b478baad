-- purpose: Whose fellows are looked at again, and the rows that this takes.
-- into touched
SELECT unnest([person_a, person_b]) AS person_id FROM delta_first_pair
-- into scored_pair
FROM kept.first_pair
WHERE person_a IN (SELECT person_id FROM touched) OR person_b IN (SELECT person_id FROM touched)
