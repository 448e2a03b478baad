-- purpose: log-ins; the count is one of the extract, so it is unknown on any day before
CREATE OR REPLACE VIEW past.selfcare_login AS
SELECT * REPLACE (CASE WHEN getvariable('as_of') >= getvariable('extracted') THEN logins_90d END AS logins_90d)
FROM main.selfcare_login
WHERE party_id NOT IN (
    SELECT party_id FROM party_person WHERE person_id IN (FROM past.unprofiled)
)
