-- purpose: Two parties are one person: a key in common that few share, and nothing that speaks against it.
WITH fit AS (
    SELECT party_key.kind, key
    FROM party_key JOIN party USING (party_id)
    GROUP BY party_key.kind, key
    HAVING count(DISTINCT party_id) BETWEEN 2 AND CASE
            WHEN party_key.kind = 'registration_number' THEN getvariable('business_parties_max')
            ELSE getvariable('person_parties_max')
        END
        -- father and son of one name in one home: a third party without a birthday must not make them one
        AND (party_key.kind <> 'name_and_home' OR count(DISTINCT birth_date) <= 1)
)
SELECT DISTINCT a.party_id AS party_a, b.party_id AS party_b
FROM fit
JOIN party_key AS ka USING (kind, key)
JOIN party_key AS kb USING (kind, key)
JOIN party AS a ON a.party_id = ka.party_id
JOIN party AS b ON b.party_id = kb.party_id
WHERE a.party_id < b.party_id
  AND CASE fit.kind
      WHEN 'registration_number' THEN true
      -- one id number, but another name and another birthday: a parent's id on a child's contract
      WHEN 'national_id' THEN NOT coalesce(
          a.birth_date <> b.birth_date AND NOT same_name(a.first_name, b.first_name), false)
      -- one mailbox, home or birthday, but another id, birthday or name: father and son, a couple, namesakes
      ELSE coalesce(a.birth_date = b.birth_date, true)
          AND coalesce(damerau_levenshtein(a.national_id, b.national_id) <= getvariable('national_id_typos_max'), true)
          AND coalesce(same_surname(a, b), true)
          AND (fit.kind <> 'email' OR coalesce(
              same_first_name(a.first_name, b.first_name)
              OR a.first_name IN (b.last_name, b.second_last_name)
              OR b.first_name IN (a.last_name, a.second_last_name), false))
      END
