-- purpose: visits until the day, of persons who may be profiled
CREATE OR REPLACE VIEW past.web_event AS
SELECT * FROM main.web_event
WHERE "at" < getvariable('as_of') + INTERVAL 1 DAY
  AND party_id NOT IN (FROM past.unprofiled_party)
