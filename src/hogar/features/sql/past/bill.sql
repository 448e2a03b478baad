-- purpose: bills of months that were over on the day
CREATE OR REPLACE VIEW past.bill AS
SELECT * FROM main.bill WHERE month + INTERVAL 1 MONTH <= getvariable('as_of')
