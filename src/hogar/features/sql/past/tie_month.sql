-- purpose: ties of months that were over on the day, between lines whose users may be profiled
CREATE OR REPLACE VIEW past.tie_month AS
SELECT * FROM main.tie_month
WHERE month + INTERVAL 1 MONTH <= getvariable('as_of')
  AND line_id NOT IN (FROM past.unprofiled_line)
  AND other_line_id NOT IN (FROM past.unprofiled_line)
