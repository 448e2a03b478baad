-- purpose: orders placed until the day; the state is the last one known
CREATE OR REPLACE VIEW past."order" AS
SELECT * FROM main."order" WHERE ordered_at < getvariable('as_of') + INTERVAL 1 DAY
