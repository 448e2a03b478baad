-- What each offer would mean to each household, person and line: owned, ordered, deliverable, and in cents a month
-- what is paid now for what it would replace and what the same use would cost under it (plan fit).
-- The same use: the data of each of the last three whole months, priced month by month. A prepaid line's use is
-- what its top-ups bought. Inside a family or home plan a single line has no price: unknown, so it is not compared.
WITH month AS (
    SELECT month::DATE AS month
    FROM generate_series(date_trunc('month', :as_of) - INTERVAL 3 MONTH,
                         date_trunc('month', :as_of) - INTERVAL 1 MONTH, INTERVAL 1 MONTH) AS s(month)
), price AS (
    SELECT
        offer.*,
        max(amount_cents) FILTER (offer_price.kind = 'monthly') AS monthly,
        max(amount_cents) FILTER (offer_price.kind = 'one_time') AS one_time,
        max(amount_cents) FILTER (offer_price.kind = 'per_gb') AS per_gb
    FROM offer
    LEFT JOIN offer_price USING (offer_id)
    GROUP BY ALL
), sold AS (
    -- where an offer can be delivered hangs on its technology, or on that of an offer that it requires
    SELECT
        price.*,
        coalesce(price.monthly, price.one_time) AS own_price,
        coalesce(price.technology, (
            SELECT max(needed.technology)
            FROM offer_rule JOIN offer AS needed ON needed.offer_id = offer_rule.other_offer_id
            WHERE offer_rule.offer_id = price.offer_id AND offer_rule.rule = 'requires'
        )) AS technology_needed
    FROM price
    WHERE on_sale
), line AS (
    SELECT
        line_home.line_id, line_home.household_id, line_home.user_id, line_home.kind, line_features.plan,
        line_home.kind IN ('mobile_postpaid', 'mobile_prepaid') AS mobile,
        price.kind = 'bundle' AS bundled,
        price.per_gb
    FROM line_home
    JOIN line_features ON line_features.id = line_home.line_id
    LEFT JOIN price ON price.offer_id = line_features.plan
), billed AS (
    SELECT line_id, month, sum(fee_cents + overage_cents) AS paid, sum(data_gb_used) AS gb
    FROM bill
    JOIN month USING (month)
    GROUP BY line_id, month
), topped_up AS (
    SELECT line_id, month, sum(amount_cents) AS paid
    FROM top_up
    JOIN month ON month.month = date_trunc('month', top_up."at")
    GROUP BY line_id, month
), used AS (
    -- one row a line and month
    SELECT line.*, month, paid, gb FROM line JOIN billed USING (line_id)
    UNION ALL BY NAME
    SELECT line.*, month, coalesce(paid, 0) AS paid, coalesce(paid, 0) / per_gb AS gb
    FROM line JOIN line_home USING (line_id) CROSS JOIN month LEFT JOIN topped_up USING (line_id, month)
    WHERE line.kind = 'mobile_prepaid' AND date_trunc('month', line_home.started_on) <= month
), line_plan AS (
    -- each mobile line under each mobile plan
    SELECT
        line_id, offer_id,
        avg(paid) AS current,
        avg(coalesce(monthly, 0) + coalesce(greatest(0, gb - coalesce(sold.data_gb, 0)) * sold.per_gb, 0)) AS cost
    FROM used
    JOIN sold ON sold.kind = 'mobile'
    WHERE mobile AND NOT coalesce(bundled, false)
    GROUP BY line_id, offer_id
), line_usual AS (
    SELECT line_id, avg(paid) AS paid FROM used GROUP BY line_id
), replaced AS (
    -- which lines a bundle would carry: those whose plan it migrates from, the dearest first, as many as it holds
    SELECT line.line_id, line.household_id, offer_id, mobile, mobile_lines,
        row_number() OVER (PARTITION BY offer_id, line.household_id, mobile ORDER BY paid DESC NULLS LAST, line.line_id)
            AS place
    FROM line
    JOIN offer_rule ON offer_rule.rule = 'migrates' AND offer_rule.other_offer_id = line.plan
    JOIN sold USING (offer_id)
    LEFT JOIN line_usual USING (line_id)
    WHERE sold.kind = 'bundle'
), bundle_month AS (
    SELECT replaced.household_id, replaced.offer_id, month,
        sum(paid) AS paid, coalesce(sum(gb) FILTER (replaced.mobile), 0) AS gb
    FROM replaced
    JOIN used USING (line_id)
    WHERE NOT replaced.mobile OR place <= mobile_lines
    GROUP BY ALL
), household_fixed AS (
    -- what is paid now for broadband, TV, fixed voice; unknown inside a bundle
    SELECT household_id, kind, CASE WHEN NOT bool_or(coalesce(bundled, false)) THEN sum(line_usual.paid) END AS paid
    FROM line
    LEFT JOIN line_usual USING (line_id)
    WHERE NOT mobile
    GROUP BY household_id, kind
), household_offer AS (
    SELECT
        household.household_id, sold.offer_id, own_price, technology_needed,
        CASE
            WHEN sold.kind = 'bundle' THEN coalesce(avg(bundle_month.paid), 0)
            WHEN any_value(household_fixed.household_id) IS NULL THEN 0
            ELSE any_value(household_fixed.paid)
        END AS current,
        monthly + coalesce(avg(greatest(0, bundle_month.gb - coalesce(sold.data_gb, 0)) * per_gb), 0) AS cost
    FROM household
    JOIN sold ON sold.kind IN ('bundle', 'broadband', 'tv', 'fixed_voice')
    LEFT JOIN bundle_month USING (household_id, offer_id)
    LEFT JOIN household_fixed ON household_fixed.household_id = household.household_id AND household_fixed.kind = sold.kind
    GROUP BY household.household_id, sold.offer_id, sold.kind, own_price, technology_needed, monthly
), roaming AS (
    -- a usual trip: inside the bundle's days up to its data, the rest at the price of use
    SELECT
        line_id, offer_id,
        trip_days_usual * roaming_mb_day / 1000 AS trip_gb,
        least(least(trip_days_usual, validity_days) * roaming_mb_day / 1000, sold.data_gb) AS inside_gb,
        one_time,
        (SELECT min(per_gb) FROM price WHERE kind = 'roaming' AND per_gb IS NOT NULL) AS per_gb
    FROM line
    JOIN person_features ON person_features.id = line.user_id
    JOIN sold ON sold.kind = 'roaming'
    WHERE mobile
), held AS (
    SELECT line_id, household_id, user_id, offer_id
    FROM line JOIN line_offer USING (line_id)
    WHERE line_offer.until IS NULL
), asked AS (
    SELECT household_id, person_id, "order".line_id, offer_id
    FROM "order"
    JOIN party_person USING (party_id)
    JOIN membership USING (person_id)
    WHERE state = 'open'
), owned AS (
    SELECT 'household' AS scope, household_id AS id, offer_id FROM held WHERE household_id IS NOT NULL
    UNION SELECT 'person', user_id, offer_id FROM held WHERE user_id IS NOT NULL
    UNION SELECT 'line', line_id, offer_id FROM held
), ordered AS (
    SELECT 'household' AS scope, household_id AS id, offer_id FROM asked
    UNION SELECT 'person', person_id, offer_id FROM asked
    -- an order that names a line is that line's; one that names none is every line's of the home
    UNION SELECT 'line', line.line_id, offer_id
    FROM asked JOIN line ON line.line_id = asked.line_id
        OR asked.line_id IS NULL AND line.household_id = asked.household_id
), fit AS (
    SELECT 'household' AS scope, household_id AS id, offer_id, technology_needed, own_price, current, cost
    FROM household_offer
    UNION ALL BY NAME
    SELECT 'line' AS scope, line_id AS id, offer_id, technology_needed, own_price, line_plan.current, line_plan.cost
    FROM line JOIN sold ON sold.kind = 'mobile' AND mobile LEFT JOIN line_plan USING (line_id, offer_id)
    UNION ALL BY NAME
    SELECT 'line' AS scope, line_id AS id, offer_id, one_time AS own_price,
        trip_gb * per_gb AS current, one_time + (trip_gb - inside_gb) * per_gb AS cost
    FROM roaming
    UNION ALL BY NAME
    -- something new: nothing is replaced, it costs its price
    SELECT 'line' AS scope, line_id AS id, offer_id, own_price, 0 AS current, own_price AS cost
    FROM line JOIN sold ON sold.kind IN ('device', 'add_on', 'service') AND mobile
    UNION ALL BY NAME
    -- one more line for the home: nothing is replaced, it costs its price
    SELECT 'household' AS scope, household_id AS id, offer_id, own_price, 0 AS current, own_price AS cost
    FROM household JOIN sold ON sold.kind = 'mobile'
), everything AS (
    SELECT scope, id, offer_id FROM fit
    UNION SELECT scope, id, offer_id FROM owned
    UNION SELECT scope, id, offer_id FROM ordered
)
SELECT
    scope,
    id,
    offer_id,
    owned.id IS NOT NULL AS owned,
    ordered.id IS NOT NULL AS ordered,
    CASE technology_needed
        WHEN 'fibre' THEN household_features.fibre_available
        WHEN 'adsl' THEN household_features.adsl_available
        ELSE true
    END AS deliverable,
    coalesce(own_price, price.monthly, price.one_time) AS monthly_cents,
    round(current)::BIGINT AS current_cents,
    round(cost)::BIGINT AS cost_cents
FROM everything
LEFT JOIN fit USING (scope, id, offer_id)
LEFT JOIN owned USING (scope, id, offer_id)
LEFT JOIN ordered USING (scope, id, offer_id)
LEFT JOIN price USING (offer_id)
LEFT JOIN household_features ON scope = 'household' AND household_features.id = everything.id
