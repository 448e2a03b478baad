-- purpose: events until the day, of persons who may be profiled
CREATE OR REPLACE VIEW past.event AS
SELECT * FROM main.event
WHERE "at" < getvariable('as_of') + INTERVAL 1 DAY
  AND (line_id IS NULL OR line_id NOT IN (FROM past.unprofiled_line))
  AND (party_id IS NULL OR party_id NOT IN (FROM past.unprofiled_party))
