-- purpose: Whether a phone went from one to the other: 0 no, though both phones are known; 1 yes.
WITH known AS (
    SELECT DISTINCT person_id FROM device_use JOIN line_guess USING (line_id)
)
SELECT a, b, (device_link.a IS NOT NULL)::INTEGER AS device
FROM candidate
LEFT JOIN device_link USING (a, b)
WHERE device_link.a IS NOT NULL OR a IN (FROM known) AND b IN (FROM known)
