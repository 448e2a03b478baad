-- purpose: top-ups until the day
CREATE OR REPLACE VIEW past.top_up AS
SELECT * FROM main.top_up WHERE "at" < getvariable('as_of') + INTERVAL 1 DAY
