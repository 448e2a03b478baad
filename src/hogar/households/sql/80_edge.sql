-- purpose: Ties of a person to a second home: a payer who lives elsewhere, and a minor who likely lives in two by turns.
WITH home_of AS (
    SELECT person_id, household_id FROM membership
), paid AS (
    SELECT coalesce(line_guess.person_id, holder_id) AS person_id, payer_id AS via_person_id, 1.0::DOUBLE AS probability
    FROM person_line LEFT JOIN line_guess USING (line_id)
    WHERE payer_id IS NOT NULL
      AND payer_id IN (SELECT person_id FROM individual WHERE kind = 'person')
      AND coalesce(line_guess.person_id, holder_id) IN (SELECT person_id FROM individual WHERE kind = 'person')
), shared AS (
    SELECT child.person_id, adult.person_id AS via_person_id, probability
    FROM (SELECT person_a AS one, person_b AS other, probability FROM scored_pair
          UNION ALL SELECT person_b, person_a, probability FROM scored_pair)
    JOIN individual AS child ON child.person_id = one AND child.age < 18
    JOIN individual AS adult ON adult.person_id = other AND adult.age >= 18
    WHERE probability >= getvariable('time_shared_probability_min') AND NOT child.objects AND NOT adult.objects
), edge AS (
    SELECT 'payer' AS kind, * FROM paid
    UNION ALL
    SELECT 'time_shared', * FROM shared
)
SELECT
    edge.person_id,
    there.household_id,
    edge.kind,
    arg_max(via_person_id, (edge.probability, via_person_id)) AS via_person_id,
    max(edge.probability) AS probability
FROM edge
JOIN home_of AS here ON here.person_id = edge.person_id
JOIN home_of AS there ON there.person_id = via_person_id
WHERE here.household_id <> there.household_id
GROUP BY edge.person_id, there.household_id, edge.kind
