-- purpose: Every party of the silos, its names folded and heard, and its keys made comparable.
WITH folded AS (
    SELECT
        party_id,
        coalesce(kind, 'person') AS kind,
        CASE WHEN length(fold_key(national_id)) >= 5 THEN fold_key(national_id) END AS national_id,
        fold_key(registration_number) AS registration_number,
        regexp_replace(fold(first_name), ' [a-z]$', '') AS first_name,
        -- `Andrew R` is `Andrew`, but not `Andrew J`
        nullif(regexp_extract(fold(first_name), ' ([a-z])$', 1), '') AS initial,
        split_part(fold(first_name), ' ', 1) AS called,
        fold(last_name) AS last_name,
        fold(second_last_name) AS second_last_name,
        birth_date,
        nullif(trim(email_hash), '') AS email_hash
    FROM person
), heard AS (
    SELECT name, sound(name) AS sound
    FROM (SELECT DISTINCT unnest([first_name, called, last_name, second_last_name]) AS name FROM folded)
)
SELECT
    folded.*,
    c.sound AS called_sound,
    f.sound AS first_sound,
    l.sound AS last_sound,
    s.sound AS second_last_sound
FROM folded
LEFT JOIN heard AS c ON c.name = called
LEFT JOIN heard AS f ON f.name = first_name
LEFT JOIN heard AS l ON l.name = last_name
LEFT JOIN heard AS s ON s.name = second_last_name
