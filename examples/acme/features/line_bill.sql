-- What a line costs and uses in a month, as printed on its bills: the mean of the last three whole months.
-- `:as_of` sees only bills of months that were over; a line of one month has a mean of one.
WITH printed AS (
    SELECT
        line_id,
        fee_cents,
        overage_cents,
        data_gb_used,
        data_gb_allowed,
        month >= date_trunc('month', :as_of) - INTERVAL 3 MONTH AS recent,
        month = date_trunc('month', :as_of) - INTERVAL 1 MONTH AS latest
    FROM bill
    WHERE month >= date_trunc('month', :as_of) - INTERVAL 5 MONTH
)
SELECT
    line_id AS id,
    round(avg(fee_cents) FILTER (recent)) / 100 AS fee_eur_month,
    round(avg(overage_cents) FILTER (recent)) / 100 AS overage_eur_month,
    round(avg(data_gb_used) FILTER (recent), 2) AS data_gb_month,
    round(avg(data_gb_allowed) FILTER (recent), 2) AS data_gb_allowed,
    round(sum(data_gb_used) FILTER (recent) / nullif(sum(data_gb_allowed) FILTER (recent), 0), 3) AS data_used_share,
    -- less than 1: the line is used less than it used to be
    round(avg(data_gb_used) FILTER (latest) / nullif(avg(data_gb_used) FILTER (NOT latest), 0), 3) AS data_trend
FROM printed
GROUP BY line_id
