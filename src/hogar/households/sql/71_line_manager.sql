-- purpose: Who manages which line in self-care, and how many mobile ones there: who has one put his own there.
WITH managed AS (
    SELECT DISTINCT person_id, line_id, kind IN ('mobile_postpaid', 'mobile_prepaid') AS mobile
    FROM selfcare_login
    JOIN party_person USING (party_id)
    JOIN person_line USING (line_id)
)
SELECT person_id, line_id, mobile, count(*) FILTER (mobile) OVER (PARTITION BY person_id) AS mobile_lines
FROM managed
