-- purpose: Living lines with the person who holds them and the person whose account pays.
SELECT
    line_id,
    line.kind,
    line.started_on,
    holder.person_id AS holder_id,
    payer.person_id AS payer_id
FROM line
LEFT JOIN party_person AS holder ON holder.party_id = line.holder_party_id
LEFT JOIN account USING (account_id)
LEFT JOIN party_person AS payer ON payer.party_id = account.payer_party_id
WHERE ended_on IS NULL OR ended_on > getvariable('now')
