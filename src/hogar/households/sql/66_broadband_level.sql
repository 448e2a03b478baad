-- purpose: Whether two have broadband: 0 each his own, which makes two homes, 1 one of them, 2 neither.
WITH wired AS (
    SELECT DISTINCT holder_id AS person_id FROM person_line WHERE kind = 'broadband' AND holder_id IS NOT NULL
)
SELECT a, b, 2 - (a IN (FROM wired))::INTEGER - (b IN (FROM wired))::INTEGER AS broadband
FROM candidate
