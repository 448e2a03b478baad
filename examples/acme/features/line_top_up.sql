-- What goes into a prepaid line in a month: the mean of the last three whole months of its life, as of :as_of.
WITH month AS (
    SELECT date_trunc('month', :as_of) AS this_month
), paid AS (
    SELECT
        line_id,
        sum(amount_cents) FILTER ("at" >= this_month - INTERVAL 3 MONTH AND "at" < this_month) AS recent_cents,
        sum(amount_cents) FILTER ("at" >= this_month - INTERVAL 1 MONTH AND "at" < this_month) AS latest_cents,
        max("at") AS latest_at
    FROM top_up CROSS JOIN month
    GROUP BY line_id
)
SELECT
    line_home.line_id AS id,
    -- a line that began a month ago is not measured by three
    round(coalesce(recent_cents, 0) / least(3, greatest(1, datediff('month', started_on, this_month)))) / 100
        AS topup_eur_month,
    round(3 * coalesce(latest_cents, 0) / nullif(recent_cents, 0), 3) AS topup_trend,
    datediff('day', latest_at::DATE, :as_of) AS topup_days_since
FROM line_home
LEFT JOIN paid USING (line_id)
CROSS JOIN month
WHERE line_home.kind = 'mobile_prepaid'
