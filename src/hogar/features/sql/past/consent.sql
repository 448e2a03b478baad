-- purpose: what had been allowed or refused until the day
CREATE OR REPLACE VIEW past.consent AS
SELECT * FROM main.consent WHERE "at" < getvariable('as_of') + INTERVAL 1 DAY
