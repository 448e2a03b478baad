-- purpose: Which persons hang together by likely pairs with one whose pairs changed, and all pairs known of them.
-- into likely
WITH pair AS (
    FROM kept.first_pair
    SEMI JOIN kept.candidate AS candidate ON candidate.a = person_a AND candidate.b = person_b
    WHERE probability >= getvariable('likely_min')
)
SELECT person_a AS person_id, person_b AS other_id FROM pair
UNION ALL SELECT person_b, person_a FROM pair
-- into reached
WITH RECURSIVE reached AS (
    SELECT person_id FROM (
        SELECT unnest([person_a, person_b]) AS person_id FROM delta_first_pair
        UNION SELECT unnest([a, b]) FROM delta_candidate
    )
    UNION
    SELECT other_id FROM reached JOIN likely USING (person_id)
)
FROM reached
-- into known
SELECT person_a, person_b, probability
FROM kept.first_pair
SEMI JOIN kept.candidate AS candidate ON candidate.a = person_a AND candidate.b = person_b
WHERE person_a IN (FROM reached) OR person_b IN (FROM reached)
