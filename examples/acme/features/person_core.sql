-- Who a person is to us: age, what is paid and used by whom, for how long, as of :as_of.
WITH known AS (
    SELECT
        party_person.person_id,
        -- silos that disagree: the birthday that most of them give, the earlier one where they tie
        arg_max(birth_date, (times, -epoch(birth_date))) AS birth_date
    FROM party_person
    LEFT JOIN (
        SELECT person_id, birth_date, count(*) AS times
        FROM person JOIN party_person USING (party_id)
        WHERE birth_date IS NOT NULL
        GROUP BY ALL
    ) AS birthday USING (person_id)
    GROUP BY party_person.person_id
), uses AS (
    SELECT user_id AS person_id, count(*) AS lines
    FROM line_home
    WHERE kind IN ('mobile_postpaid', 'mobile_prepaid')
    GROUP BY user_id
), holds AS (
    SELECT holder_id AS person_id, min(started_on) AS since FROM line_home GROUP BY holder_id
)
SELECT
    known.person_id AS id,
    datesub('year', birth_date, :as_of) AS age,
    known.person_id IN (SELECT payer_id FROM line_home WHERE payer_id IS NOT NULL) AS is_payer,
    coalesce(uses.lines, 0) AS lines,
    datesub('month', holds.since, :as_of) AS tenure_months
FROM known
LEFT JOIN uses USING (person_id)
LEFT JOIN holds USING (person_id)
