-- What is agreed with a customer: since when, for how long, how it is paid and billed, as of :as_of.
WITH held AS (
    SELECT holder_id, started_on, offer_id
    FROM line_home
    LEFT JOIN line_offer ON line_offer.line_id = line_home.line_id AND until IS NULL
)
SELECT
    holder_id AS id,
    datesub('month', min(started_on), :as_of) AS tenure_months,
    round(log2(1 + datesub('month', min(started_on), :as_of)), 4) AS tenure_doublings,
    CASE
        WHEN bool_or(offer_id = 'TERM-1') THEN 'month-to-month'
        WHEN bool_or(offer_id = 'TERM-12') THEN 'one year'
        WHEN bool_or(offer_id = 'TERM-24') THEN 'two years'
    END AS contract,
    CASE
        WHEN bool_or(offer_id = 'PAY-ELECTRONIC-CHECK') THEN 'electronic check'
        WHEN bool_or(offer_id = 'PAY-MAILED-CHECK') THEN 'mailed check'
        WHEN bool_or(offer_id = 'PAY-BANK') THEN 'bank transfer'
        WHEN bool_or(offer_id = 'PAY-CARD') THEN 'credit card'
    END AS payment,
    coalesce(bool_or(offer_id = 'PAPERLESS'), false) AS paperless
FROM held
WHERE holder_id IS NOT NULL
GROUP BY holder_id
