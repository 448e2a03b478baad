-- purpose: use until the day, of lines whose users may be profiled
CREATE OR REPLACE VIEW past.usage_day AS
SELECT * FROM main.usage_day
WHERE day <= getvariable('as_of')
  AND line_id NOT IN (FROM past.unprofiled_line)
