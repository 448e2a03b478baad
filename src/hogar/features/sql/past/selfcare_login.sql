-- purpose: log-ins as counted on the day of the extract; they have no history, so on a day before there are none
CREATE OR REPLACE VIEW past.selfcare_login AS
SELECT * FROM main.selfcare_login
WHERE getvariable('as_of') >= getvariable('extracted')
  AND party_id NOT IN (FROM past.unprofiled_party)
