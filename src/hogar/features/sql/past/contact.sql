-- purpose: messages sent until the day
CREATE OR REPLACE VIEW past.contact AS
SELECT * FROM main.contact WHERE "at" < getvariable('as_of') + INTERVAL 1 DAY
