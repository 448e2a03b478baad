-- purpose: Whose contracts hang together: 1 a third pays for both, or one bank account; 2 one pays the other's line; 3 uses it.
WITH paid AS (
    SELECT DISTINCT payer_id, holder_id FROM person_line WHERE payer_id IS NOT NULL AND holder_id IS NOT NULL
    UNION SELECT payer_id, payer_id FROM person_line WHERE payer_id IS NOT NULL
), fit_payer AS (
    SELECT payer_id FROM paid GROUP BY payer_id HAVING count(*) <= getvariable('payer_persons_max')
), owner AS (
    SELECT token FROM payment_token WHERE owns GROUP BY token HAVING count(*) <= getvariable('token_persons_max')
), used AS (
    -- who holds or pays a line that another is said to use
    SELECT line_guess.person_id AS user_id, giver_id
    FROM line_guess
    JOIN (SELECT line_id, holder_id AS giver_id FROM person_line UNION SELECT line_id, payer_id FROM person_line) USING (line_id)
    JOIN declaration ON declaration.kind = 'uses_line' AND declaration.line_id = line_guess.line_id
    WHERE giver_id <> line_guess.person_id
), fit_giver AS (
    SELECT giver_id FROM used GROUP BY giver_id HAVING count(DISTINCT user_id) <= getvariable('payer_persons_max')
), link AS (
    SELECT least(user_id, giver_id) AS a, greatest(user_id, giver_id) AS b, 3 AS level
    FROM used JOIN fit_giver USING (giver_id)
    UNION ALL
    SELECT least(payer_id, holder_id), greatest(payer_id, holder_id), 2
    FROM paid JOIN fit_payer USING (payer_id)
    WHERE payer_id <> holder_id
    UNION ALL
    SELECT x.holder_id, y.holder_id, 1
    FROM paid AS x
    JOIN paid AS y USING (payer_id)
    JOIN fit_payer USING (payer_id)
    WHERE x.holder_id < y.holder_id
    UNION ALL
    SELECT x.person_id, y.person_id, 1
    FROM payment_token AS x
    JOIN payment_token AS y USING (token)
    JOIN owner USING (token)
    WHERE x.owns AND y.owns AND x.person_id < y.person_id
)
SELECT a, b, max(level) AS level FROM link GROUP BY a, b
