-- purpose: At which homes a party is at hand: its own, and those of the holders of lines that its log-in manages.
WITH own AS (
    SELECT DISTINCT
        party_id,
        concat_ws('|', fold_key(postcode), fold_street(street), coalesce(fold_key(number), number_in(street))) AS home
    FROM address
    WHERE kind = 'home' AND fold_street(street) IS NOT NULL AND coalesce(number, number_in(street)) IS NOT NULL
), managed AS (
    SELECT DISTINCT selfcare_login.party_id, home
    FROM selfcare_login
    JOIN line USING (line_id)
    LEFT JOIN account USING (account_id)
    JOIN own ON own.party_id IN (line.holder_party_id, account.payer_party_id)
    -- a log-in that manages lines of many belongs to a shop
    QUALIFY count(DISTINCT home) OVER (PARTITION BY selfcare_login.party_id) <= getvariable('managed_homes_max')
)
SELECT party_id, home FROM own
UNION
SELECT party_id, home FROM managed
