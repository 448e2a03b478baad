-- Which services a customer has, and what they cost: the fee of the last whole month, as of :as_of.
WITH fee AS (
    SELECT line_id, sum(fee_cents) AS fee_cents
    FROM bill
    WHERE month = date_trunc('month', :as_of) - INTERVAL 1 MONTH
    GROUP BY line_id
), held AS (
    SELECT holder_id, list(offer_id) AS offers
    FROM line_home
    JOIN line_offer USING (line_id)
    WHERE until IS NULL
    GROUP BY holder_id
), charged AS (
    SELECT holder_id, sum(fee_cents) / 100 AS monthly_fee
    FROM line_home
    LEFT JOIN fee USING (line_id)
    GROUP BY holder_id
)
SELECT
    holder_id AS id,
    monthly_fee,
    CASE
        WHEN list_contains(offers, 'FIBRE') THEN 'fibre'
        WHEN list_contains(offers, 'DSL') THEN 'dsl'
        ELSE 'none'
    END AS internet,
    list_contains(offers, 'PHONE') AS has_phone,
    list_contains(offers, 'MULTIPLE-LINES') AS has_multiple_lines,
    list_contains(offers, 'ONLINE-SECURITY') AS has_online_security,
    list_contains(offers, 'ONLINE-BACKUP') AS has_online_backup,
    list_contains(offers, 'DEVICE-PROTECTION') AS has_device_protection,
    list_contains(offers, 'TECH-SUPPORT') AS has_tech_support,
    list_contains(offers, 'STREAMING-TV') AS has_streaming_tv,
    list_contains(offers, 'STREAMING-MOVIES') AS has_streaming_movies
FROM held
JOIN charged USING (holder_id)
WHERE holder_id IS NOT NULL
