-- purpose: places of months that were over on the day, of lines whose users may be profiled
CREATE OR REPLACE VIEW past.place_month AS
SELECT * FROM main.place_month
WHERE month + INTERVAL 1 MONTH <= getvariable('as_of')
  AND line_id NOT IN (FROM past.unprofiled_line)
