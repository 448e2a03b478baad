-- purpose: lines that had started; one that ended later lives
CREATE OR REPLACE VIEW past.line AS
SELECT * REPLACE (
    CASE WHEN ended_on <= getvariable('as_of') THEN ended_on END AS ended_on,
    CASE WHEN ended_on <= getvariable('as_of') THEN end_reason END AS end_reason
)
FROM main.line
WHERE started_on <= getvariable('as_of')
