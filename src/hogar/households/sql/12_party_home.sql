-- purpose: At which homes a party is at hand: its own, and those of the holders of lines that its log-in manages.
WITH own AS (
    SELECT DISTINCT
        party_id,
        concat_ws('|', fold_key(postcode), fold_street(street), coalesce(fold_number(number), fold_number(number_in(street)))) AS home
    FROM address
    WHERE kind <> 'shipping' AND fold_street(street) IS NOT NULL AND coalesce(number, number_in(street)) IS NOT NULL
), behind AS (
    SELECT selfcare_login.party_id, holder_party_id AS owner_id
    FROM selfcare_login JOIN line USING (line_id)
    UNION
    SELECT selfcare_login.party_id, payer_party_id
    FROM selfcare_login JOIN line USING (line_id) JOIN account USING (account_id)
), managed AS (
    SELECT DISTINCT behind.party_id, home
    FROM behind
    JOIN own ON own.party_id = owner_id
    -- a log-in that manages lines of many belongs to a shop
    QUALIFY count(DISTINCT home) OVER (PARTITION BY behind.party_id) <= getvariable('managed_homes_max')
)
SELECT party_id, home FROM own
UNION
SELECT party_id, home FROM managed
