-- purpose: Every party of the silos, its names folded and its keys made comparable.
SELECT
    party_id,
    coalesce(kind, 'person') AS kind,
    CASE WHEN length(fold_key(national_id)) >= 5 THEN fold_key(national_id) END AS national_id,
    fold_key(registration_number) AS registration_number,
    fold(first_name) AS first_name,
    fold(last_name) AS last_name,
    fold(second_last_name) AS second_last_name,
    birth_date,
    nullif(trim(email_hash), '') AS email_hash
FROM person
