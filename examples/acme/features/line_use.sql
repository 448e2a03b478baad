-- How quiet a line has become. Traffic data: a row is here only where everybody concerned allowed it.
SELECT
    line_id AS id,
    datediff('day', max(day), :as_of) AS silent_days
FROM usage_day
GROUP BY line_id
