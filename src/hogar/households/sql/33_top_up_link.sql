-- purpose: Who tops up whose prepaid line: named by the top-up system, or by the bank account or card that was used.
WITH named AS (
    SELECT party_person.person_id AS payer_id, holder_id, count(*) AS top_ups
    FROM top_up
    JOIN person_line USING (line_id)
    JOIN party_person ON party_person.party_id = top_up.payer_party_id
    WHERE holder_id IS NOT NULL
    GROUP BY ALL
), fit_payer AS (
    SELECT payer_id FROM named GROUP BY payer_id HAVING count(*) <= getvariable('payer_persons_max')
), fit_token AS (
    SELECT token FROM payment_token GROUP BY token HAVING count(*) <= getvariable('token_persons_max')
), link AS (
    SELECT least(payer_id, holder_id) AS a, greatest(payer_id, holder_id) AS b, top_ups, 'named' AS how
    FROM named JOIN fit_payer USING (payer_id)
    WHERE payer_id <> holder_id
    UNION ALL
    SELECT x.person_id, y.person_id, greatest(x.top_ups, y.top_ups), 'token'
    FROM payment_token AS x
    JOIN payment_token AS y USING (token)
    JOIN fit_token USING (token)
    WHERE x.person_id < y.person_id AND x.top_ups + y.top_ups > 0
)
-- one payment may be named and carry a token: it is counted once
SELECT a, b, max(top_ups) AS top_ups
FROM (SELECT a, b, how, sum(top_ups) AS top_ups FROM link GROUP BY a, b, how)
GROUP BY a, b
