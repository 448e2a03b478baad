-- purpose: what lines held on the day or before; what ended later is held still
CREATE OR REPLACE VIEW past.line_offer AS
SELECT * REPLACE (CASE WHEN until <= getvariable('as_of') THEN until END AS until)
FROM main.line_offer
WHERE since IS NULL OR since <= getvariable('as_of')
