-- purpose: devices seen until the day, in lines whose users may be profiled
CREATE OR REPLACE VIEW past.device_use AS
SELECT * REPLACE (least(last_seen, getvariable('as_of')) AS last_seen)
FROM main.device_use
WHERE first_seen <= getvariable('as_of')
  AND line_id NOT IN (FROM past.unprofiled_line)
