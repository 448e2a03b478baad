-- purpose: accounts that were open on the day
CREATE OR REPLACE VIEW past.account AS
SELECT * FROM main.account
WHERE getvariable('as_of') >= getvariable('extracted') OR opened_on IS NULL OR opened_on <= getvariable('as_of')
