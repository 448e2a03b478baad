-- purpose: roles; they were inferred from all that is known today, so on a day before they are unknown
CREATE OR REPLACE VIEW past.role AS
SELECT * FROM main.role WHERE getvariable('as_of') >= getvariable('extracted')
