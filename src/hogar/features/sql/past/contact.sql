-- purpose: messages sent until the day; what was answered has no date, so it is unknown on any day before
CREATE OR REPLACE VIEW past.contact AS
SELECT * REPLACE (CASE WHEN getvariable('as_of') >= getvariable('extracted') THEN outcome END AS outcome)
FROM main.contact
WHERE "at" < getvariable('as_of') + INTERVAL 1 DAY
