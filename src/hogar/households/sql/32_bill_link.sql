-- purpose: Whose bills are paid together: one pays for the other, a third for both, or one bank account for both.
WITH paid AS (
    SELECT DISTINCT payer_id, holder_id FROM person_line WHERE payer_id IS NOT NULL AND holder_id IS NOT NULL
    UNION SELECT payer_id, payer_id FROM person_line WHERE payer_id IS NOT NULL
), fit_payer AS (
    SELECT payer_id FROM paid GROUP BY payer_id HAVING count(*) <= getvariable('payer_persons_max')
), owner AS (
    SELECT token FROM payment_token WHERE owns GROUP BY token HAVING count(*) <= getvariable('token_persons_max')
)
SELECT x.holder_id AS a, y.holder_id AS b
FROM paid AS x
JOIN paid AS y USING (payer_id)
JOIN fit_payer USING (payer_id)
WHERE x.holder_id < y.holder_id
UNION
SELECT x.person_id, y.person_id
FROM payment_token AS x
JOIN payment_token AS y USING (token)
JOIN owner USING (token)
WHERE x.owns AND y.owns AND x.person_id < y.person_id
