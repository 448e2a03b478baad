-- name: person
SELECT
    'crm:' || i AS party_id, 'person' AS kind, NULL AS national_id, NULL AS registration_number, NULL AS first_name,
    NULL AS last_name, NULL AS second_last_name, DATE '1940-01-01' + CAST(u(i, 1) * 27000 AS INTEGER) AS birth_date,
    NULL AS sex, 'es' AS language, NULL AS email_hash, DATE '2010-01-01' + CAST(u(i, 2) * 5000 AS INTEGER) AS customer_since
FROM range($persons) AS s(i)

-- name: address
SELECT 'crm:' || i AS party_id, 'home' AS kind, NULL AS street, NULL AS number, NULL AS unit,
    lpad(CAST(i // 150 % 50000 AS VARCHAR), 5, '0') AS postcode, NULL AS city, NULL::DATE AS valid_from
FROM range($persons) AS s(i)

-- name: account
SELECT 'a' || i AS account_id, 'crm:' || i AS payer_party_id, 'token-' || i AS payment_token, NULL::DATE AS opened_on
FROM range($persons) AS s(i)

-- name: line
SELECT
    'l:' || i AS line_id, kind_of(i) AS kind,
    'crm:' || least($persons - 1, user_of(i) + CASE WHEN u(i, 4) < 0.2 THEN 1 ELSE 0 END) AS holder_party_id,
    CASE WHEN kind_of(i) <> 'mobile_prepaid' THEN 'a' || user_of(i) END AS account_id,
    DATE '2016-01-01' + CAST(u(i, 5) * 3500 AS INTEGER) AS started_on,
    CASE WHEN u(i, 6) < 0.02 THEN DATE '2026-01-10' END AS ended_on,
    NULL AS end_reason,
    CASE WHEN u(i, 7) < 0.5 THEN DATE '2025-09-01' + CAST(u(i, 8) * 700 AS INTEGER) END AS commitment_until
FROM range($lines) AS s(i)

-- name: offer
SELECT * FROM (VALUES
    ('MOB-S', 'Small', 'mobile', true, 1, NULL, false, 5.0, NULL, false),
    ('MOB-M', 'Medium', 'mobile', true, 1, NULL, false, 20.0, NULL, false),
    ('PRE-B', 'Prepaid', 'mobile', true, 1, NULL, false, NULL, NULL, true),
    ('FIB-300', 'Fibre', 'broadband', true, NULL, 'fibre', false, NULL, NULL, false),
    ('TV-BASIC', 'TV', 'tv', true, NULL, NULL, true, NULL, NULL, false)
) AS t(offer_id, name, kind, on_sale, mobile_lines, technology, tv, data_gb, validity_days, prepaid)

-- name: line_offer
SELECT 'l:' || i AS line_id,
    CASE kind_of(i) WHEN 'mobile_prepaid' THEN 'PRE-B' WHEN 'broadband' THEN 'FIB-300' WHEN 'tv' THEN 'TV-BASIC'
        ELSE CASE WHEN u(i, 9) < 0.5 THEN 'MOB-S' ELSE 'MOB-M' END END AS offer_id,
    DATE '2022-01-01' AS since, NULL::DATE AS until
FROM range($lines) AS s(i)

-- name: serviceability
SELECT lpad(CAST(i AS VARCHAR), 5, '0') AS postcode, technology, u(i, length(technology)) < 0.8 AS available
FROM range(50000) AS s(i) CROSS JOIN (VALUES ('fibre'), ('adsl')) AS t(technology)

-- name: bill
SELECT 'b' || i || '-' || m AS bill_id, 'a' || user_of(i) AS account_id, 'l:' || i AS line_id,
    CAST(DATE '2025-09-01' + to_months(CAST(m AS INTEGER)) AS DATE) AS month,
    1000 + CAST(u(i, 10) * 4000 AS BIGINT) AS fee_cents,
    CASE WHEN u(i * 7 + m, 11) < 0.2 THEN CAST(u(i * 7 + m, 12) * 2000 AS BIGINT) ELSE 0 END AS overage_cents,
    CASE WHEN kind_of(i) = 'mobile_postpaid' THEN round(u(i * 7 + m, 13) * 30, 2) END AS data_gb_used,
    CASE WHEN kind_of(i) = 'mobile_postpaid' AND u(i, 14) < 0.8 THEN 20.0 END AS data_gb_allowed
FROM range($lines) AS s(i) CROSS JOIN range(6) AS t(m)
WHERE kind_of(i) <> 'mobile_prepaid'

-- name: top_up
SELECT 't' || i || '-' || m AS top_up_id, 'l:' || i AS line_id,
    TIMESTAMP '2025-11-20 08:00:00' + to_hours(CAST(u(i * 11 + m, 15) * 2400 AS BIGINT)) AS "at",
    500 + 500 * CAST(u(i * 11 + m, 16) * 5 AS BIGINT) AS amount_cents,
    CASE WHEN u(i, 17) < 0.7 THEN 'crm:' || user_of(i) END AS payer_party_id, NULL AS payment_token
FROM range($lines) AS s(i) CROSS JOIN range(6) AS t(m)
WHERE kind_of(i) = 'mobile_prepaid'

-- name: usage_day
SELECT 'l:' || i AS line_id, DATE '2026-01-02' + CAST(d AS INTEGER) AS day, round(u(i * 61 + d, 18) * 1000, 1) AS data_mb,
    round(u(i * 61 + d, 19) * 30, 1) AS voice_min,
    CASE WHEN u(i * 61 + d, 20) < 0.02 THEN round(u(i * 61 + d, 21) * 400, 1) END AS roaming_mb,
    CASE WHEN u(i * 61 + d, 20) < 0.02 THEN 'FR' END AS country
FROM range($lines) AS s(i) CROSS JOIN range(60) AS t(d)
WHERE is_mobile(i) AND u(user_of(i), 30) < 0.35 AND u(i * 61 + d, 22) < 0.9

-- name: tie_month
SELECT line_id, other_line_id, month, any_value(calls) AS calls, any_value(minutes) AS minutes, 0.4 AS evening_share,
    2 AS texts, 1 AS calls_from_line
FROM (
    SELECT 'l:' || i AS line_id, 'l:' || ((i + 1 + CAST(u(i * 17 + n, 23) * 5000 AS BIGINT)) % $lines) AS other_line_id,
        CAST(DATE '2025-12-01' + to_months(CAST(m AS INTEGER)) AS DATE) AS month,
        1 + CAST(u(i * 17 + n, 24) * 30 AS BIGINT) AS calls, round(u(i * 17 + n, 25) * 90, 1) AS minutes
    FROM range($lines) AS s(i) CROSS JOIN range(5) AS t(n) CROSS JOIN range(3) AS v(m)
    WHERE is_mobile(i)
)
GROUP BY line_id, other_line_id, month

-- name: device_use
SELECT 'l:' || i AS line_id, 'd' || i AS device_id, 'Phone ' || (i % 40) AS model,
    DATE '2023-01-01' + CAST(u(i, 26) * 900 AS INTEGER) AS first_seen, DATE '2026-02-28' AS last_seen,
    NULL::DATE AS released_on
FROM range($lines) AS s(i) WHERE is_mobile(i)

-- name: selfcare_login
SELECT 'crm:' || user_of(i) AS party_id, 'l:' || i AS line_id, CAST(u(i, 27) * 20 AS BIGINT) AS logins_90d
FROM range($lines) AS s(i) WHERE u(i, 28) < 0.5

-- name: ticket
SELECT 'k' || i AS ticket_id, 'crm:' || CAST(u(i, 31) * ($persons - 1) AS BIGINT) AS party_id, NULL AS line_id,
    CASE WHEN u(i, 32) < 0.4 THEN 'complaint' WHEN u(i, 32) < 0.7 THEN 'fault' ELSE 'question' END AS kind,
    'bill' AS topic, TIMESTAMP '2025-08-01 09:00:00' + to_hours(CAST(u(i, 33) * 5000 AS BIGINT)) AS opened_at,
    CASE WHEN u(i, 34) < 0.95 THEN TIMESTAMP '2025-08-02 09:00:00' + to_hours(CAST(u(i, 33) * 5000 AS BIGINT)) END AS closed_at
FROM range($persons // 4) AS s(i)

-- name: web_event
SELECT 'w' || i AS web_event_id, 'crm:' || CAST(u(i, 35) * ($persons - 1) AS BIGINT) AS party_id,
    TIMESTAMP '2026-01-30 00:00:00' + to_minutes(CAST(u(i, 36) * 44640 AS BIGINT)) AS "at",
    ['devices', 'plans', 'roaming', 'fibre', 'tv', 'help'][1 + CAST(floor(u(i, 37) * 6) AS BIGINT)] AS topic
FROM range($persons * 3) AS s(i)

-- name: event
SELECT '/web' AS source, 'w' || i AS event_id, 'com.acme.web.v1.visited' AS type,
    TIMESTAMP '2026-01-30 00:00:00' + to_minutes(CAST(u(i, 36) * 44640 AS BIGINT)) AS "at", NULL AS line_id,
    'crm:' || CAST(u(i, 35) * ($persons - 1) AS BIGINT) AS party_id,
    '{"topic": "' || ['devices', 'plans', 'roaming', 'fibre', 'tv', 'help'][1 + CAST(floor(u(i, 37) * 6) AS BIGINT)] || '"}'
        AS data,
    NULL AS consent
FROM range($persons * 3) AS s(i)

-- name: consent
SELECT 'crm:' || i AS party_id, purpose, 'any' AS channel,
    CASE purpose WHEN 'traffic' THEN u(i, 30) < 0.35 WHEN 'profiling' THEN u(i, 38) >= 0.03 ELSE u(i, 39) < 0.7 END AS granted,
    TIMESTAMP '2024-05-01 10:00:00' AS "at"
FROM range($persons) AS s(i) CROSS JOIN (VALUES ('traffic'), ('profiling'), ('marketing')) AS t(purpose)

-- name: contact
SELECT 'c' || i AS contact_id, 'crm:' || CAST(u(i, 40) * ($persons - 1) AS BIGINT) AS party_id,
    ['sms', 'email', 'push', 'call'][1 + CAST(floor(u(i, 41) * 4) AS BIGINT)] AS channel, 'marketing' AS message_class,
    TIMESTAMP '2025-11-25 00:00:00' + to_hours(CAST(u(i, 42) * 2300 AS BIGINT)) AS "at", 'x' AS campaign,
    CASE WHEN u(i, 43) < 0.05 THEN 'accepted' END AS outcome
FROM range($persons * 4) AS s(i)

-- name: party_person
SELECT 'crm:' || i AS party_id, 'P-' || i AS person_id FROM range($persons) AS s(i)

-- name: membership
SELECT 'P-' || i AS person_id, 'H-' || (i * 2 // 3) AS household_id, 0.9 AS probability FROM range($persons) AS s(i)

-- name: household
SELECT DISTINCT 'H-' || (i * 2 // 3) AS household_id, 'crm:' || (i * 2 // 3) AS anchor FROM range($persons) AS s(i)

-- name: line_user
SELECT 'l:' || i AS line_id, 'P-' || user_of(i) AS person_id, 0.9 AS probability FROM range($lines) AS s(i)

-- name: role
SELECT 'P-' || i AS person_id, role, u(i, length(role)) AS probability, 'inferred' AS source
FROM range($persons) AS s(i) CROSS JOIN (VALUES ('financial_controller'), ('consumer'), ('ict_agent')) AS t(role)

-- name: adviser
SELECT 'P-' || (i * 40) AS person_id, 'P-' || (i * 40 + 7) AS adviser_person_id FROM range($persons // 41) AS s(i)

-- name: offnet
SELECT 'X' || i AS number_id, 'H-' || (i * 13) AS household_id, 0.8 AS probability, 2::BIGINT AS members
FROM range($persons // 40) AS s(i)
