-- purpose: What is known of an adult that speaks for or against a role: who pays, signs, manages, asks, helps.
WITH human AS (
    SELECT DISTINCT household_id FROM individual JOIN membership USING (person_id) WHERE kind = 'person'
), adult AS (
    -- who may have a role: adults, of unknown age who holds a contract, a business by itself; none who objected
    SELECT household_id, person_id, age, kind, probability AS lives_here
    FROM individual JOIN membership USING (person_id)
    WHERE NOT objects
      AND (age >= 18
           OR kind = 'business' AND household_id NOT IN (FROM human)
           OR kind = 'person' AND age IS NULL
              AND person_id IN (SELECT holder_id FROM person_line WHERE holder_id IS NOT NULL))
), used AS (
    SELECT
        line_id,
        person_line.kind NOT IN ('mobile_postpaid', 'mobile_prepaid') AS shared,
        holder_id,
        payer_id,
        line_user.person_id AS user_id,
        household_id
    FROM person_line
    JOIN line_user USING (line_id)
    JOIN membership ON membership.person_id = line_user.person_id
), visit AS (
    SELECT person_id, topic FROM web_event JOIN party_person USING (party_id)
), asked AS (
    SELECT person_id, topic, line_id FROM ticket JOIN party_person USING (party_id)
), passed AS (
    -- a device that left one line for one other, not a dealer's
    SELECT earlier.line_id, later.line_id AS to_line_id
    FROM device_use AS earlier
    JOIN device_use AS later USING (device_id)
    WHERE later.first_seen >= earlier.last_seen AND later.line_id <> earlier.line_id
      AND device_id IN (SELECT device_id FROM device_use GROUP BY device_id HAVING count(DISTINCT line_id) = 2)
), fact AS (
    SELECT adult.person_id, 'adult' AS fact FROM adult
    UNION ALL SELECT person_id, 'under_40' FROM adult WHERE age < 40
    UNION ALL
    SELECT person_id, 'younger_generation'
    FROM adult
    WHERE EXISTS (FROM adult AS elder WHERE elder.household_id = adult.household_id
                  AND elder.age - adult.age >= getvariable('generation_years_min'))
    UNION ALL SELECT payer_id, 'pays_own' FROM used WHERE user_id = payer_id AND NOT shared
    UNION ALL SELECT payer_id, 'pays_for_others' FROM used JOIN adult USING (household_id)
    WHERE person_id = payer_id AND user_id <> payer_id AND NOT shared
    UNION ALL SELECT payer_id, 'pays_for_home' FROM used JOIN adult USING (household_id) WHERE person_id = payer_id AND shared
    UNION ALL SELECT holder_id, 'holds_own' FROM used WHERE user_id = holder_id AND NOT shared
    UNION ALL SELECT holder_id, 'holds_for_others' FROM used JOIN adult USING (household_id)
    WHERE person_id = holder_id AND user_id <> holder_id AND NOT shared
    UNION ALL SELECT holder_id, 'holds_for_home' FROM used JOIN adult USING (household_id) WHERE person_id = holder_id AND shared
    UNION ALL
    SELECT adult.person_id, 'tops_up_others'
    FROM line_filler
    JOIN used USING (line_id)
    JOIN adult ON adult.person_id = line_filler.person_id AND adult.household_id = used.household_id
    WHERE user_id <> adult.person_id
    UNION ALL
    SELECT adult.person_id, 'manages_for_others'
    FROM line_manager
    JOIN used USING (line_id)
    JOIN adult ON adult.person_id = line_manager.person_id AND adult.household_id = used.household_id
    WHERE user_id <> adult.person_id
    UNION ALL SELECT person_id, 'asks_about_bills' FROM asked WHERE topic IN ('bill', 'price')
    UNION ALL SELECT person_id, 'asks_about_plans' FROM asked WHERE topic = 'plans'
    UNION ALL
    SELECT asked.person_id, 'helps_others'
    FROM asked
    JOIN used USING (line_id)
    JOIN adult ON adult.person_id = asked.person_id AND adult.household_id = used.household_id
    WHERE user_id <> asked.person_id AND coalesce(holder_id <> asked.person_id, true)
    UNION ALL
    SELECT
        adviser_person_id,
        CASE WHEN max(probability) >= getvariable('role_stated_min') THEN 'advises_elsewhere' ELSE 'may_advise_elsewhere' END
    FROM adviser_edge
    GROUP BY adviser_person_id
    UNION ALL SELECT person_id, 'reads_of_devices' FROM visit WHERE topic IN ('devices', 'help')
    UNION ALL SELECT person_id, 'reads_of_plans' FROM visit WHERE topic = 'plans'
    UNION ALL
    SELECT giver.user_id, 'hands_down_devices'
    FROM passed
    JOIN used AS giver ON giver.line_id = passed.line_id
    JOIN used AS taker ON taker.line_id = passed.to_line_id AND taker.household_id = giver.household_id
    WHERE giver.user_id <> taker.user_id
)
SELECT DISTINCT household_id, person_id, fact, age, kind, lives_here
FROM fact
JOIN adult USING (person_id)
