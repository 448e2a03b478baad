-- purpose: tickets opened until the day; one that was closed later is open
CREATE OR REPLACE VIEW past.ticket AS
SELECT * REPLACE (CASE WHEN closed_at < getvariable('as_of') + INTERVAL 1 DAY THEN closed_at END AS closed_at)
FROM main.ticket
WHERE opened_at < getvariable('as_of') + INTERVAL 1 DAY
