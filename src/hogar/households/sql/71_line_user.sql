-- purpose: Who uses a line: whom somebody declared; a member without a line who alone manages it; the holder.
WITH declared AS (
    SELECT line_id, arg_max(person_id, ("at", person_id)) AS person_id
    FROM declaration
    JOIN party_person ON party_person.party_id = coalesce(other_party_id, declaration.party_id)
    WHERE declaration.kind = 'uses_line' AND line_id IS NOT NULL
    GROUP BY line_id
), mobile AS (
    SELECT line_id, holder_id, count(*) OVER (PARTITION BY holder_id) AS held
    FROM person_line
    WHERE kind IN ('mobile_postpaid', 'mobile_prepaid') AND holder_id IS NOT NULL
), login AS (
    SELECT DISTINCT line_id, person_id FROM selfcare_login JOIN party_person USING (party_id)
), manager AS (
    -- one who manages one line only, has none of his own, and lives where its holder lives
    SELECT line_id, login.person_id
    FROM login
    JOIN mobile USING (line_id)
    JOIN membership AS his ON his.person_id = login.person_id
    JOIN membership AS holders ON holders.person_id = mobile.holder_id
    JOIN individual ON individual.person_id = login.person_id
    WHERE login.person_id <> mobile.holder_id
      AND his.household_id = holders.household_id
      AND NOT individual.objects
      AND login.person_id NOT IN (SELECT holder_id FROM mobile)
      AND (SELECT count(*) FROM login AS other WHERE other.person_id = login.person_id) = 1
      AND NOT EXISTS (FROM login AS own WHERE own.line_id = login.line_id AND own.person_id = mobile.holder_id)
), user_of AS (
    SELECT line_id, min(person_id) AS person_id FROM manager GROUP BY line_id HAVING count(*) = 1
)
SELECT
    line_id,
    coalesce(declared.person_id, user_of.person_id, person_line.holder_id, person_line.payer_id) AS person_id,
    CASE
        WHEN declared.person_id IS NOT NULL THEN getvariable('declared_user_probability')
        WHEN user_of.person_id IS NOT NULL THEN getvariable('manager_user_probability')
        ELSE getvariable('holder_user_probability') / greatest(coalesce(held, 1), 1)
    END::DOUBLE AS probability
FROM person_line
LEFT JOIN declared USING (line_id)
LEFT JOIN user_of USING (line_id)
LEFT JOIN mobile USING (line_id)
WHERE coalesce(declared.person_id, user_of.person_id, person_line.holder_id, person_line.payer_id) IS NOT NULL
ORDER BY line_id
