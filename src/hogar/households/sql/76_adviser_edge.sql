-- purpose: Who advises a home on technology from another one: as declared, as agents saw it, as name and talk suggest.
WITH adult AS (
    SELECT household_id, person_id, age, surnames
    FROM individual JOIN membership USING (person_id)
    WHERE kind = 'person' AND age >= 18 AND NOT objects
), helped AS (
    -- opened a ticket about a line that is neither held, paid nor used by him, in the home of older people
    SELECT DISTINCT elder.person_id, helper.person_id AS adviser_person_id
    FROM ticket
    JOIN party_person USING (party_id)
    JOIN adult AS helper USING (person_id)
    JOIN line_user USING (line_id)
    JOIN person_line USING (line_id)
    JOIN adult AS elder ON elder.person_id = line_user.person_id
    WHERE elder.household_id <> helper.household_id
      AND coalesce(holder_id <> helper.person_id, true) AND coalesce(payer_id <> helper.person_id, true)
      AND elder.age - helper.age BETWEEN getvariable('parent_years_min') AND getvariable('parent_years_max')
), pair_of_names AS (
    -- two of one home with one name each: what a child of both is called, whichever name comes first
    SELECT one.household_id, least(one.age, other.age) AS age, least(x, y) AS first, greatest(x, y) AS second
    FROM adult AS one
    JOIN adult AS other ON other.household_id = one.household_id AND one.person_id < other.person_id
    CROSS JOIN unnest(one.surnames) AS a(x)
    CROSS JOIN unnest(other.surnames) AS b(y)
    WHERE x <> y AND least(one.age, other.age) >= getvariable('nest_age_min')
), child AS (
    SELECT household_id, person_id, age, list_min(surnames) AS first, list_max(surnames) AS second
    FROM adult
    WHERE len(surnames) = 2
    -- of names that many bear nobody is the only child
    QUALIFY count(*) OVER (PARTITION BY list_min(surnames), list_max(surnames)) <= getvariable('key_persons_max')
), named_child AS (
    SELECT DISTINCT pair_of_names.household_id, child.person_id
    FROM pair_of_names
    JOIN child USING (first, second)
    WHERE child.household_id <> pair_of_names.household_id
      AND pair_of_names.age - child.age BETWEEN getvariable('parent_years_min') AND getvariable('parent_years_max')
), talk AS (
    SELECT a AS person_id, b AS other_person_id, calls_month FROM tie_link
    UNION ALL
    SELECT b, a, calls_month FROM tie_link
), only_child AS (
    -- one candidate alone; two of them are no answer, and where both may be heard, silence is an answer
    SELECT
        adult.person_id,
        min(named_child.person_id) AS adviser_person_id,
        bool_or(coalesce(calls_month >= getvariable('adviser_calls_min'), false)) AS talks
    FROM named_child
    JOIN adult USING (household_id)
    LEFT JOIN talk ON talk.person_id = adult.person_id AND talk.other_person_id = named_child.person_id
    WHERE adult.age >= getvariable('nest_age_min')
    GROUP BY adult.person_id
    HAVING count(DISTINCT named_child.person_id) = 1
), edge AS (
    SELECT person_id, adviser_person_id, 'declared' AS source, getvariable('adviser_probability')['declared'] AS probability
    FROM adviser
    UNION ALL
    SELECT person_id, adviser_person_id, 'observed', getvariable('adviser_probability')['observed']
    FROM helped
    UNION ALL
    SELECT
        person_id,
        adviser_person_id,
        'inferred',
        getvariable('adviser_probability')[CASE WHEN talks THEN 'named_and_talks' ELSE 'named' END]
    FROM only_child
)
-- the best source speaks; another one is no second adviser
SELECT person_id, adviser_person_id, source, probability::DOUBLE AS probability
FROM edge
QUALIFY row_number() OVER (PARTITION BY person_id, adviser_person_id ORDER BY probability DESC) = 1
ORDER BY person_id, adviser_person_id
