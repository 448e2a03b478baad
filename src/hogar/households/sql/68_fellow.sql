-- purpose: With whom a person may live, by the first estimate: the likeliest few, both directions of a pair.
SELECT person_id, other_id, probability
FROM (
    SELECT person_a AS person_id, person_b AS other_id, probability, contract FROM scored_pair
    UNION ALL
    SELECT person_b, person_a, probability, contract FROM scored_pair
)
WHERE probability >= getvariable('fellow_probability_min') AND contract IS NULL
QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY probability DESC, other_id) <= getvariable('fellows_max')
