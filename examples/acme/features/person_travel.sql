-- How a person travels: usual days of a trip abroad and data a day there, on the lines that he uses, up to :as_of.
-- Traffic data: rows are here only where everybody concerned allowed it. Days of one trip are at most two apart.
WITH away AS (
    SELECT user_id AS person_id, day, sum(roaming_mb) AS roaming_mb
    FROM usage_day
    JOIN line_home USING (line_id)
    WHERE country IS NOT NULL AND user_id IS NOT NULL
    GROUP BY user_id, day
), started AS (
    SELECT *, day - lag(day) OVER (PARTITION BY person_id ORDER BY day) > 2 AS after_a_pause
    FROM away
), trip AS (
    SELECT person_id, day, roaming_mb,
        count(*) FILTER (after_a_pause) OVER (PARTITION BY person_id ORDER BY day) AS number
    FROM started
), stay AS (
    SELECT person_id, number, datediff('day', min(day), max(day)) + 1 AS days, sum(roaming_mb) AS mb
    FROM trip
    GROUP BY person_id, number
), travel AS (
    SELECT person_id, round(avg(days), 1) AS trip_days_usual, round(sum(mb) / sum(days), 1) AS roaming_mb_day
    FROM stay
    GROUP BY person_id
), answer AS (
    -- the latest word of each party, a refusal of any of them counts
    SELECT person_id, bool_and(granted) AS granted
    FROM (
        SELECT person_id, party_id, arg_max(granted, ("at", NOT granted)) AS granted
        FROM consent
        JOIN party_person USING (party_id)
        WHERE purpose = 'traffic'
        GROUP BY person_id, party_id
    )
    GROUP BY person_id
)
SELECT
    membership.person_id AS id,
    trip_days_usual,
    roaming_mb_day,
    coalesce(answer.granted, false) AS traffic_consent
FROM membership
LEFT JOIN travel USING (person_id)
LEFT JOIN answer USING (person_id)
