-- purpose: Which lines are looked at again, and the rows that this takes.
-- into touched
SELECT line_id FROM delta_line
UNION
SELECT line_id FROM every_line
LEFT JOIN every_account USING (account_id)
WHERE account_id IN (SELECT account_id FROM delta_account)
   OR holder_party_id IN (SELECT party_id FROM delta_party_person)
   OR payer_party_id IN (SELECT party_id FROM delta_party_person)
-- into line
FROM kept.line SEMI JOIN touched USING (line_id)
-- into account
FROM kept.account SEMI JOIN temp.line USING (account_id)
-- into party_person
FROM kept.party_person
WHERE party_id IN (SELECT holder_party_id FROM temp.line UNION SELECT payer_party_id FROM temp.account)
