-- purpose: Of which parties names, homes and keys are looked at again, and the rows that this takes.
-- into touched
SELECT party_id FROM delta_person
UNION SELECT party_id FROM delta_address
UNION SELECT party_id FROM delta_selfcare_login
UNION SELECT party_id FROM delta_declaration WHERE kind = 'uses_line'
UNION SELECT holder_party_id FROM delta_line
UNION SELECT payer_party_id FROM delta_account
UNION SELECT payer_party_id FROM delta_line JOIN every_account USING (account_id)
-- whose log-in manages a line of them
UNION SELECT party_id FROM every_selfcare_login SEMI JOIN delta_line USING (line_id)
UNION
SELECT party_id FROM every_selfcare_login
WHERE line_id IN (
    SELECT line_id FROM every_line
    LEFT JOIN every_account USING (account_id)
    WHERE account_id IN (SELECT account_id FROM delta_account)
       OR holder_party_id IN (SELECT party_id FROM delta_address)
       OR payer_party_id IN (SELECT party_id FROM delta_address)
)
-- into person
FROM kept.person SEMI JOIN touched USING (party_id)
-- into selfcare_login
FROM kept.selfcare_login SEMI JOIN touched USING (party_id)
-- into account
FROM kept.account
WHERE payer_party_id IN (FROM touched)
   OR account_id IN (SELECT account_id FROM kept.line SEMI JOIN temp.selfcare_login USING (line_id))
-- into line
FROM kept.line
WHERE holder_party_id IN (FROM touched)
   OR account_id IN (SELECT account_id FROM temp.account)
   OR line_id IN (SELECT line_id FROM temp.selfcare_login)
-- into address
FROM kept.address
WHERE party_id IN (
    FROM touched
    UNION SELECT holder_party_id FROM temp.line
    UNION SELECT payer_party_id FROM temp.account
)
