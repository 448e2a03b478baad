-- purpose: Whose bills and top-ups one bank account or card pays: the accounts' payers and the lines it topped up.
SELECT token, person_id, bool_or(owns) AS owns, sum(top_ups)::BIGINT AS top_ups
FROM (
    SELECT payment_token AS token, person_id, true AS owns, 0 AS top_ups
    FROM account JOIN party_person ON party_person.party_id = account.payer_party_id
    UNION ALL
    SELECT payment_token, holder_id, false, count(*)
    FROM top_up JOIN person_line USING (line_id)
    GROUP BY payment_token, holder_id
)
WHERE token IS NOT NULL AND person_id IS NOT NULL
GROUP BY token, person_id
