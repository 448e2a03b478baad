-- purpose: members at other operators; found in all that is known today, so on a day before nobody is
CREATE OR REPLACE VIEW past.offnet AS
SELECT * FROM main.offnet WHERE getvariable('as_of') >= getvariable('extracted')
