-- purpose: Who has which role, how surely, by what word or evidence: each role is shared out among a home's adults.
WITH adult AS (
    SELECT household_id, person_id, age, kind, lives_here FROM role_fact WHERE fact = 'adult'
), declared AS (
    SELECT DISTINCT person_id, role FROM declaration JOIN party_person USING (party_id) WHERE declaration.kind = 'role'
), name AS (
    SELECT household_id, person_id, unnest(surnames) AS surname FROM adult JOIN individual USING (person_id)
), family AS (
    SELECT DISTINCT one.person_id
    FROM name AS one
    JOIN name AS other USING (household_id, surname)
    WHERE one.person_id <> other.person_id
), home AS (
    SELECT
        household_id,
        count(*) AS adults,
        min(age) AS youngest,
        max(age) AS eldest,
        household_id IN (
            SELECT household_id FROM role_fact
            WHERE fact IN ('pays_for_others', 'holds_for_others', 'manages_for_others', 'tops_up_others')
        ) AS one_purse,
        coalesce((
            SELECT max(adviser_edge.probability) FROM adviser_edge JOIN membership USING (person_id)
            WHERE membership.household_id = adult.household_id
        ), 0) AS advised
    FROM adult
    GROUP BY household_id
), role AS (
    SELECT unnest(getvariable('roles')) AS role
), weight AS (
    SELECT role, entry.key AS fact, entry.value AS weight
    FROM role
    CROSS JOIN unnest(map_entries(getvariable('role_weight')[role])) AS entries(entry)
), weighed AS (
    SELECT person_id, role, sum(weight) AS weight, list_sort(list(fact) FILTER (weight > 0)) AS evidence
    FROM role_fact
    JOIN weight USING (fact)
    GROUP BY person_id, role
), candidate AS (
    SELECT household_id, person_id, role, lives_here, coalesce(weight, 0) AS weight, coalesce(evidence, []) AS evidence
    FROM adult
    CROSS JOIN role
    LEFT JOIN weighed USING (person_id, role)
    WHERE role <> 'consumer'
), chance AS (
    SELECT
        candidate.*,
        adults,
        declared.person_id IS NOT NULL AS declared,
        bool_or(declared.person_id IS NOT NULL) OVER home_role AS told,
        -- whoever no silo knows may have the role too, and so may an adviser in another home
        exp(weight) / (
            sum(exp(weight)) OVER home_role
            + exp(
                CASE WHEN adults = 1 THEN getvariable('role_unseen')['alone'] ELSE getvariable('role_unseen')['together'] END
                + CASE WHEN youngest >= getvariable('nest_age_min') THEN getvariable('role_unseen')['old'] ELSE 0 END
                + CASE WHEN role = 'ict_agent' THEN
                    getvariable('role_unseen')['ict_agent'] + advised * getvariable('role_unseen')['advised']
                    + CASE WHEN adults = 2 AND youngest >= getvariable('nest_age_min')
                        THEN getvariable('role_unseen')['old_pair'] ELSE 0 END
                  ELSE 0 END
            )
        ) AS share,
        -- who shares neither name nor purse may keep house alone under one roof
        CASE
            WHEN adults = 1 THEN 0
            WHEN one_purse OR family.person_id IS NOT NULL THEN getvariable('role_own')['family']
            WHEN role IN ('ict_agent', 'salesperson') THEN getvariable('role_own')['family']
            WHEN eldest < 40 THEN getvariable('role_own')['flat']
            ELSE getvariable('role_own')['unrelated']
        END AS own,
        CASE WHEN role = 'financial_controller' AND adults > 1 THEN getvariable('role_shared_control') / (adults - 1) ELSE 0 END
            AS shared
    FROM candidate
    JOIN home USING (household_id)
    LEFT JOIN family USING (person_id)
    LEFT JOIN declared USING (person_id, role)
    WINDOW home_role AS (PARTITION BY candidate.household_id, candidate.role)
), at_home AS (
    SELECT
        *,
        1 - (1 - share * CASE WHEN told THEN 1 - getvariable('declared_role_probability') ELSE 1 END)
            * (1 - own) * (1 - shared) AS here
    FROM chance
), found AS (
    SELECT
        person_id,
        role,
        CASE
            WHEN declared THEN getvariable('declared_role_probability')
            -- whoever lives elsewhere after all has most roles there
            WHEN adults > 1 THEN lives_here * here + (1 - lives_here) * getvariable('role_elsewhere_probability')
            ELSE here
        END AS probability,
        CASE
            WHEN declared THEN 'declared'
            WHEN list_has_any(evidence, getvariable('facts_observed')) THEN 'observed'
            WHEN list_has_any(evidence, getvariable('facts_imported')) THEN 'imported'
            ELSE 'inferred'
        END AS source,
        CASE WHEN declared THEN ['declared'] ELSE evidence END AS evidence
    FROM at_home
    UNION ALL
    SELECT
        person_id,
        'consumer',
        CASE WHEN declared.person_id IS NOT NULL THEN getvariable('declared_role_probability')
             ELSE getvariable('consumer_probability') END,
        CASE WHEN declared.person_id IS NOT NULL THEN 'declared' WHEN uses THEN 'imported' ELSE 'inferred' END,
        CASE WHEN declared.person_id IS NOT NULL THEN ['declared'] WHEN uses THEN ['uses_a_line'] ELSE [] END
    FROM (
        SELECT person_id, person_id IN (SELECT person_id FROM line_user) AS uses, 'consumer' AS role
        FROM adult
        WHERE kind = 'person'
    )
    LEFT JOIN declared USING (person_id, role)
)
-- rounded, so that the order in which rows are added up leaves no trace
SELECT person_id, role, round(probability::DOUBLE, 9) AS probability, source, evidence
FROM found
ORDER BY person_id, role
