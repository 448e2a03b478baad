-- purpose: orders placed until the day; how far they are is known of today only, so it is unknown on any day before
CREATE OR REPLACE VIEW past."order" AS
SELECT * REPLACE (CASE WHEN getvariable('as_of') >= getvariable('extracted') THEN state END AS state)
FROM main."order"
WHERE ordered_at < getvariable('as_of') + INTERVAL 1 DAY
