-- purpose: Who might use a mobile line, and what speaks for and against each, as a sum of weights.
WITH mobile AS (
    SELECT line_id, kind, started_on, coalesce(holder_id, payer_id) AS holder_id, payer_id
    FROM person_line
    WHERE kind IN ('mobile_postpaid', 'mobile_prepaid') AND coalesce(holder_id, payer_id) IS NOT NULL
), data_use AS (
    -- as the bill prints it: a fact of the contract
    SELECT line_id, median(data_gb_used) AS gb FROM bill WHERE data_gb_used > 0 GROUP BY line_id
), might AS (
    SELECT line_id, holder_id AS person_id FROM mobile
    UNION SELECT line_id, payer_id FROM mobile WHERE payer_id IS NOT NULL
    UNION SELECT line_id, person_id FROM line_claim JOIN mobile USING (line_id)
    UNION SELECT line_id, person_id FROM line_manager JOIN mobile USING (line_id)
    UNION SELECT line_id, person_id FROM line_filler JOIN mobile USING (line_id)
    UNION
    SELECT line_id, fellow.person_id
    FROM (SELECT line_id, holder_id AS person_id FROM mobile UNION SELECT line_id, payer_id FROM mobile)
    JOIN membership AS home USING (person_id)
    JOIN membership AS fellow ON fellow.household_id = home.household_id
), alone AS (
    -- what the registers have in a person's name and nobody else is known to use
    SELECT line_id, holder_id AS person_id FROM mobile WHERE line_id NOT IN (SELECT line_id FROM line_claim)
), counted AS (
    SELECT
        person_id,
        (SELECT count(*) FROM line_claim WHERE line_claim.person_id = individual.person_id) AS claims,
        (SELECT count(*) FROM alone WHERE alone.person_id = individual.person_id) AS held,
        EXISTS (FROM line_manager WHERE mobile AND line_manager.person_id = individual.person_id) AS logs_in
    FROM individual
), manager AS (
    -- of several who manage a line, who manages the fewest
    SELECT
        line_id,
        person_id,
        mobile_lines,
        count(*) OVER of_line > 1 AND mobile_lines = min(mobile_lines) OVER of_line AS fewest
    FROM line_manager
    WHERE mobile
    WINDOW of_line AS (PARTITION BY line_id)
), seen AS (
    SELECT
        might.line_id,
        might.person_id,
        might.person_id = mobile.holder_id AS holds,
        coalesce(might.person_id = mobile.payer_id, false) AS pays,
        coalesce(home.household_id = away.household_id, false) AS member,
        individual.kind AS person_kind,
        mobile.kind = 'mobile_prepaid' AS prepaid,
        individual.age AS age,
        individual.age - date_diff('year', mobile.started_on, getvariable('now')) AS age_at_start,
        manager.person_id IS NOT NULL AS manages,
        coalesce(manager.mobile_lines, 0) AS managed,
        coalesce(manager.fewest, false) AS fewest,
        logs_in,
        line_claim.person_id IS NOT NULL AS claims_this,
        coalesce(line_claim.declared, false) AS declared,
        counted.claims - (line_claim.person_id IS NOT NULL)::INTEGER AS claims_other,
        least(counted.held - (alone.person_id IS NOT NULL)::INTEGER, 2) AS held_other,
        coalesce(line_filler.times, 0) AS fills,
        coalesce(ln(data_use.gb / getvariable('usual_gb')), 0) AS data
    FROM might
    JOIN mobile USING (line_id)
    JOIN individual USING (person_id)
    JOIN counted USING (person_id)
    LEFT JOIN membership AS home ON home.person_id = might.person_id
    LEFT JOIN membership AS away ON away.person_id = mobile.holder_id
    LEFT JOIN manager ON manager.line_id = might.line_id AND manager.person_id = might.person_id
    LEFT JOIN line_claim ON line_claim.line_id = might.line_id AND line_claim.person_id = might.person_id
    LEFT JOIN alone ON alone.line_id = might.line_id AND alone.person_id = might.person_id
    LEFT JOIN line_filler ON line_filler.line_id = might.line_id AND line_filler.person_id = might.person_id
    LEFT JOIN data_use ON data_use.line_id = might.line_id
    -- of an objector only what the contract says, and what was declared
    WHERE NOT individual.objects OR might.person_id = mobile.holder_id OR coalesce(line_claim.declared, false)
)
SELECT
    line_id,
    person_id,
    declared,
    -- what the market says of its registers comes on top
    prepaid AND holds AND person_kind <> 'business' AS registered,
    CASE WHEN declared THEN getvariable('line_weight')['declared'] ELSE 0 END
    + CASE
        WHEN person_kind = 'business' THEN getvariable('line_weight')['business']
        WHEN holds THEN getvariable('line_weight')['holder']
        WHEN member THEN getvariable('line_weight')['member']
        ELSE 0
      END
    + CASE WHEN pays AND NOT holds THEN getvariable('line_weight')['payer'] ELSE 0 END
    + CASE
        WHEN managed = 1 THEN getvariable('line_weight')['only_managed']
        WHEN manages THEN getvariable('line_weight')['managed']
        WHEN logs_in THEN getvariable('line_weight')['not_managed']
        ELSE 0
      END
    + CASE WHEN fewest THEN getvariable('line_weight')['fewest_managed'] ELSE 0 END
    + CASE WHEN claims_other > 0 THEN getvariable('line_weight')['claims_other'] ELSE 0 END
    + held_other * getvariable('line_weight')['holds_other']
    + CASE
        WHEN member AND NOT holds AND held_other = 0 AND claims_other = 0 THEN getvariable('line_weight')['lacks_line']
        ELSE 0
      END
    + CASE WHEN age < 18 AND NOT holds THEN getvariable('line_weight')['minor'] ELSE 0 END
    + CASE WHEN age_at_start < getvariable('line_age_min') THEN getvariable('line_weight')['too_young'] ELSE 0 END
    + ln(1 + fills) * getvariable('line_weight')['fills']
    + CASE WHEN age >= 65 THEN data * getvariable('line_weight')['data_of_old'] ELSE 0 END AS weight
FROM seen
