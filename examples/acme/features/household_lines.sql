-- Which services a household uses, and how well its allowances fit. A line lives where its user lives.
SELECT
    household_id AS id,
    count(line_id) FILTER (kind IN ('mobile_postpaid', 'mobile_prepaid')) AS mobile_lines,
    count(line_id) FILTER (kind = 'mobile_prepaid') AS prepaid_lines,
    count(line_id) FILTER (kind = 'broadband') > 0 AS has_broadband,
    CASE
        WHEN bool_or(kind = 'broadband' AND technology = 'fibre') THEN 'fibre'
        WHEN bool_or(kind = 'broadband') THEN 'adsl'
        ELSE 'none'
    END AS technology,
    count(line_id) FILTER (kind = 'tv') > 0 AS has_tv,
    -- less than three tenths of the allowance used, month after month: paid for nothing
    count(line_id) FILTER (kind = 'mobile_postpaid' AND data_used_share < 0.3) AS unused_lines,
    count(line_id) FILTER (kind = 'mobile_postpaid' AND overage_eur_month > 0) AS overflow_lines
FROM household
LEFT JOIN (
    SELECT line_home.household_id, line_home.line_id, line_home.kind, technology, data_used_share, overage_eur_month
    FROM line_home
    JOIN line_features ON line_features.id = line_home.line_id
    LEFT JOIN offer ON offer.offer_id = line_features.plan
) AS line USING (household_id)
GROUP BY household_id
