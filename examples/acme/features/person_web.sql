-- What a person looked at on our own pages and how often he logged in, up to :as_of.
WITH visit AS (
    SELECT
        person_id,
        count(*) FILTER (topic = 'devices') AS devices,
        count(*) FILTER (topic = 'plans') AS plans
    FROM web_event
    JOIN party_person USING (party_id)
    WHERE "at" >= :as_of - INTERVAL 14 DAY
    GROUP BY person_id
), login AS (
    -- one log-in shows all lines that the account manages: the busiest line counts
    SELECT person_id, max(logins_90d) AS logins_90d
    FROM selfcare_login
    JOIN party_person USING (party_id)
    GROUP BY person_id
)
SELECT
    membership.person_id AS id,
    coalesce(visit.devices, 0) AS device_views_14d,
    coalesce(visit.plans, 0) AS plan_views_14d,
    login.logins_90d AS logins_90d
FROM membership
LEFT JOIN visit USING (person_id)
LEFT JOIN login USING (person_id)
