-- Which of the lines that lived on :as_of ended within :horizon_days.
SELECT
    line_id AS id,
    coalesce(ended_on <= :as_of + :horizon_days, false) AS label
FROM line
WHERE started_on <= :as_of
  AND (ended_on IS NULL OR ended_on > :as_of)
