-- purpose: Where two parties may turn out to be one person: an id, a mailbox, a birthday or a home with the name.
WITH human AS (
    SELECT *, split_part(first_name, ' ', 1) AS called FROM party WHERE kind = 'person'
)
SELECT party_id, 'national_id' AS kind, national_id AS key
FROM human WHERE national_id IS NOT NULL
UNION ALL
SELECT party_id, 'email', email_hash
FROM human WHERE email_hash IS NOT NULL
UNION ALL
-- two names in the order of the alphabet: first name and surname, or both surnames, may have been exchanged
SELECT party_id, 'name_and_birth', concat_ws('|', least(called, last_name), greatest(called, last_name), birth_date)
FROM human WHERE called IS NOT NULL AND last_name IS NOT NULL AND birth_date IS NOT NULL
UNION ALL
SELECT
    party_id,
    'name_and_birth',
    concat_ws('|', least(called, second_last_name), greatest(called, second_last_name), birth_date)
FROM human WHERE called IS NOT NULL AND second_last_name IS NOT NULL AND birth_date IS NOT NULL
UNION ALL
SELECT party_id, 'name_and_home', concat_ws('|', called, last_name, home)
FROM human JOIN party_home USING (party_id) WHERE called IS NOT NULL AND last_name IS NOT NULL
UNION ALL
SELECT party_id, 'registration_number', registration_number
FROM party WHERE kind = 'business' AND registration_number IS NOT NULL
