-- purpose: One record a person, as a record linker wants it: names, year of birth, home, delivery, bank accounts.
WITH named AS (
    SELECT
        party_person.person_id AS unique_id,
        min(lower(strip_accents(last_name))) AS surname,
        min(lower(strip_accents(second_last_name))) AS second_surname,
        min(year(birth_date)) AS birth_year
    FROM person JOIN party_person USING (party_id)
    WHERE person.kind = 'person'
    GROUP BY person_id
), clean AS (
    SELECT
        party_person.person_id AS unique_id,
        kind,
        valid_from,
        party_id,
        regexp_replace(lower(strip_accents(street)), '^(calle|caye|c/|c\.|avda\.?|avenida|plaza) +|[^a-z0-9 ]', '', 'g') AS street,
        lower(trim(number)) AS number,
        nullif(regexp_replace(lower(strip_accents(unit)), '[^a-z0-9]', '', 'g'), '') AS unit,
        lower(strip_accents(city)) AS city,
        postcode
    FROM address JOIN party_person USING (party_id)
    WHERE street IS NOT NULL
), place AS (
    SELECT unique_id, kind, unnest(max({'at': valid_from, 'street': street, 'number': number, 'unit': unit, 'city': city, 'postcode': postcode}))
    FROM clean GROUP BY unique_id, kind
), paying AS (
    SELECT person_id AS unique_id, list(DISTINCT payment_token ORDER BY payment_token) AS tokens
    FROM account JOIN party_person ON party_person.party_id = account.payer_party_id
    WHERE payment_token IS NOT NULL
    GROUP BY person_id
)
SELECT
    named.*,
    home.street,
    home.number,
    home.unit,
    home.city,
    home.postcode,
    concat_ws('|', home.street, home.number) AS building,
    concat_ws('|', shipping.street, shipping.number) AS delivery,
    tokens
FROM named
LEFT JOIN (FROM place WHERE kind = 'home') AS home USING (unique_id)
LEFT JOIN (FROM place WHERE kind = 'shipping') AS shipping USING (unique_id)
LEFT JOIN paying USING (unique_id)
