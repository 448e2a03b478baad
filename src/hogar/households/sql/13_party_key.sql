-- purpose: Where two parties may turn out to be one person: an id, a mailbox, a birthday, a home or a line with a name.
WITH human AS (
    SELECT * FROM party WHERE kind = 'person'
), around_line AS (
    -- who holds a line, pays for it, manages it, or says that it is his
    SELECT line_id, holder_party_id AS party_id FROM line
    UNION SELECT line_id, payer_party_id FROM line JOIN account USING (account_id)
    UNION SELECT line_id, party_id FROM selfcare_login
    UNION SELECT line_id, party_id FROM declaration WHERE kind = 'uses_line'
), key AS (
    SELECT party_id, 'national_id' AS kind, national_id AS key FROM human
    UNION ALL
    -- an id number with one slip has its beginning or its end right
    SELECT
        party_id, 'half_id',
        concat_ws('|', unnest([left(national_id, 4) || '-', '-' || right(national_id, 4)]), first_sound, left(last_sound, 1))
    FROM human WHERE length(national_id) >= 8 AND first_sound IS NOT NULL
    UNION ALL
    -- a sole trader's business goes by its owner's id number
    SELECT party_id, unnest(['national_id', 'registration_number']), registration_number FROM party WHERE kind = 'business'
    UNION ALL
    SELECT party_id, 'email', email_hash FROM human
    UNION ALL
    -- two names in the order of the alphabet: first name and surname, or both surnames, may have been exchanged
    SELECT party_id, 'birth', concat_ws('|', birth_date, least(called, name), greatest(called, name))
    FROM (SELECT *, unnest([last_name, second_last_name]) AS name FROM human)
    WHERE called IS NOT NULL AND name IS NOT NULL AND birth_date IS NOT NULL
    UNION ALL
    SELECT party_id, 'birth', concat_ws('|', birth_date, unnest(['first ' || first_sound, 'last ' || last_sound]))
    FROM human WHERE birth_date IS NOT NULL AND first_sound IS NOT NULL AND last_sound IS NOT NULL
    UNION ALL
    SELECT
        party_id, 'home',
        concat_ws('|', home, unnest(['first ' || called_sound, 'last ' || left(called, 1) || last_sound]))
    FROM human JOIN party_home USING (party_id)
    WHERE called_sound IS NOT NULL AND last_sound IS NOT NULL
    UNION ALL
    SELECT
        party_id, 'line',
        concat_ws('|', line_id, unnest([left(called, 1), concat(least(called, last_name), greatest(called, last_name))]))
    FROM human JOIN around_line USING (party_id)
    WHERE called IS NOT NULL
    UNION ALL
    SELECT party_id, 'name', first_name || '|' || last_name FROM human
)
SELECT DISTINCT party_id, kind, key
FROM key
WHERE key IS NOT NULL
