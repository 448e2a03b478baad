-- purpose: addresses that were valid on the day
CREATE OR REPLACE VIEW past.address AS
SELECT * FROM main.address WHERE valid_from IS NULL OR valid_from <= getvariable('as_of')
