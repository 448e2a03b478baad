-- purpose: what had been told until the day
CREATE OR REPLACE VIEW past.declaration AS
SELECT * FROM main.declaration WHERE "at" < getvariable('as_of') + INTERVAL 1 DAY
