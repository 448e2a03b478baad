-- purpose: Where a person lives or has things sent, folded; a number in the street's text is read from there.
WITH housed AS (
    -- of whom a home is known, as a human being
    SELECT person_id
    FROM address
    JOIN party USING (party_id)
    JOIN party_person USING (party_id)
    WHERE address.kind = 'home' AND party.kind = 'person' AND fold_street(street) IS NOT NULL
      AND coalesce(number, number_in(street)) IS NOT NULL
), folded AS (
    SELECT DISTINCT
        person_id,
        CASE WHEN address.kind = 'shipping' THEN 'shipping' ELSE 'home' END AS kind,
        fold_street(street) AS street,
        coalesce(fold_number(number), fold_number(number_in(street))) AS number,
        fold_unit(unit) AS unit,
        fold_key(postcode) AS postcode,
        fold(city) AS city
    FROM address
    JOIN party_person USING (party_id)
    JOIN party USING (party_id)
    WHERE fold_street(street) IS NOT NULL
      -- where somebody reads his post, or has his shop, is home only where nothing better is known
      AND (address.kind <> 'billing' AND party.kind = 'person' OR person_id NOT IN (SELECT person_id FROM housed))
), door AS (
    -- a unit that one of his silos knows holds for the others
    SELECT person_id, street, number, min(unit) AS unit
    FROM folded
    GROUP BY person_id, street, number
    HAVING count(DISTINCT unit) = 1
)
SELECT DISTINCT person_id, kind, street, number, coalesce(folded.unit, door.unit) AS unit, postcode, city
FROM folded
LEFT JOIN door USING (person_id, street, number)
-- who has things sent home says nothing new by it
WHERE kind = 'home'
   OR (person_id, street, number) NOT IN (SELECT (person_id, street, number) FROM folded WHERE kind = 'home' AND number IS NOT NULL)
