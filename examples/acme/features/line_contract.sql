-- What is agreed for a living line: its kind, its plan, how long it has been with us, how long it is bound.
-- A line may hold a plan and things beside it (a device, an insurance): the plan is the one that carries it.
WITH held AS (
    SELECT line_id, offer_id
    FROM line_offer
    JOIN offer USING (offer_id)
    WHERE line_offer.until IS NULL
      AND offer.kind IN ('mobile', 'broadband', 'fixed_voice', 'tv', 'bundle')
)
SELECT
    line_home.line_id AS id,
    line_home.kind AS kind,
    line_home.kind = 'mobile_prepaid' AS prepaid,
    arg_min(held.offer_id, held.offer_id) AS plan,
    datesub('month', line_home.started_on, :as_of) AS tenure_months,
    CASE
        WHEN line_home.commitment_until IS NULL THEN 'none'
        WHEN line_home.commitment_until < :as_of THEN 'over'
        ELSE 'running'
    END AS commitment,
    datediff('day', :as_of, line_home.commitment_until) AS commitment_days_left
FROM line_home
LEFT JOIN held USING (line_id)
GROUP BY ALL
