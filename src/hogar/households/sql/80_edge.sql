-- purpose: Ties of a person to a second home: a payer who lives elsewhere, and a minor who likely lives in two by turns.
WITH home_of AS (
    SELECT person_id, household_id FROM membership
), open_to_it AS (
    SELECT person_id, age FROM individual WHERE kind = 'person' AND NOT objects
), paid AS (
    SELECT coalesce(line_guess.person_id, holder_id) AS person_id, payer_id AS via_person_id, 1.0::DOUBLE AS probability
    FROM person_line LEFT JOIN line_guess USING (line_id)
    WHERE payer_id IN (SELECT person_id FROM open_to_it)
      AND coalesce(line_guess.person_id, holder_id) IN (SELECT person_id FROM open_to_it WHERE coalesce(age >= 18, true))
), shared AS (
    SELECT child.person_id, adult.person_id AS via_person_id, probability
    FROM (SELECT person_a AS one, person_b AS other, probability FROM scored_pair
          UNION ALL SELECT person_b, person_a, probability FROM scored_pair)
    JOIN open_to_it AS child ON child.person_id = one AND child.age < 18
    JOIN open_to_it AS adult ON adult.person_id = other AND adult.age >= 18
    WHERE probability >= getvariable('time_shared_probability_min')
), edge AS (
    SELECT 'payer' AS kind, * FROM paid
    UNION ALL
    SELECT 'time_shared', * FROM shared
), begun AS MATERIALIZED (
    -- one home after the other: joined at once, all pairs of persons may be made first
    SELECT edge.*, household_id AS own_id FROM edge JOIN home_of ON home_of.person_id = edge.person_id
), placed AS MATERIALIZED (
    SELECT
        edge.person_id,
        there.household_id,
        own_id,
        edge.kind,
        arg_max(via_person_id, (edge.probability, via_person_id)) AS via_person_id,
        max(edge.probability) AS probability
    FROM begun AS edge
    JOIN home_of AS there ON there.person_id = via_person_id
    GROUP BY ALL
)
SELECT person_id, household_id, kind, via_person_id, probability FROM placed WHERE household_id <> own_id
