-- purpose: nights that had begun until the day, of lines whose users may be profiled
CREATE OR REPLACE VIEW past.place_night AS
SELECT * FROM main.place_night
WHERE day <= getvariable('as_of')
  AND line_id NOT IN (FROM past.unprofiled_line)
