-- Which phone a mobile line is in, and since when: the one seen last, as of :as_of.
SELECT
    line_id AS id,
    arg_max(model, (last_seen, first_seen, device_id)) AS device_model,
    datesub('month', arg_max(first_seen, (last_seen, first_seen, device_id)), :as_of) AS device_age_months
FROM device_use
GROUP BY line_id
