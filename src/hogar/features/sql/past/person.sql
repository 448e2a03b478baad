-- purpose: parties that were customers on the day, as far as a silo says since when
CREATE OR REPLACE VIEW past.person AS
SELECT * FROM main.person
WHERE getvariable('as_of') >= getvariable('extracted')
   OR customer_since IS NULL
   OR customer_since <= getvariable('as_of')
