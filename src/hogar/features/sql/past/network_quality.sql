-- purpose: quality of months that were over on the day
CREATE OR REPLACE VIEW past.network_quality AS
SELECT * FROM main.network_quality WHERE month + INTERVAL 1 MONTH <= getvariable('as_of')
