-- purpose: With whom a person may live, by the first estimate: both directions of each pair that is not unlikely.
SELECT person_a AS person_id, person_b AS other_id, probability
FROM scored_pair WHERE probability >= getvariable('fellow_probability_min') AND contract IS NULL
UNION ALL
SELECT person_b, person_a, probability
FROM scored_pair WHERE probability >= getvariable('fellow_probability_min') AND contract IS NULL
