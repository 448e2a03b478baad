-- purpose: Where a person lives or has things sent, folded; a number in the street's text is read from there.
WITH folded AS (
    SELECT DISTINCT
        person_id,
        CASE WHEN address.kind = 'shipping' THEN 'shipping' ELSE 'home' END AS kind,
        fold_street(street) AS street,
        coalesce(fold_key(number), number_in(street)) AS number,
        fold_unit(unit) AS unit,
        fold_key(postcode) AS postcode,
        fold(city) AS city
    FROM address
    JOIN party_person USING (party_id)
    WHERE fold_street(street) IS NOT NULL
      -- a billing address is where the payer reads his post: it is home only where nothing better is known
      AND (address.kind <> 'billing' OR party_id NOT IN (SELECT party_id FROM address WHERE kind = 'home'))
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
