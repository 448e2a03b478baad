-- purpose: Two parties may be one person: what they have in common, nothing against it, and how much it says (level).
WITH fit AS (
    SELECT kind, key
    FROM party_key
    GROUP BY kind, key
    HAVING count(*) BETWEEN 2 AND CASE
        WHEN kind = 'registration_number' THEN getvariable('business_parties_max')
        ELSE getvariable('person_parties_max')
    END
), met AS (
    SELECT
        ka.party_id AS party_a,
        kb.party_id AS party_b,
        bool_or(kind = 'national_id') AS same_id,
        bool_or(kind = 'email') AS at_mail,
        bool_or(kind IN ('home', 'line')) AS at_hand,
        count(DISTINCT kind) AS kinds
    FROM fit
    JOIN party_key AS ka USING (kind, key)
    JOIN party_key AS kb USING (kind, key)
    WHERE ka.party_id < kb.party_id
    GROUP BY ka.party_id, kb.party_id
), called AS (
    SELECT
        met.*,
        a,
        b,
        a.kind = 'business' OR b.kind = 'business' AS business,
        coalesce(near_first_name(a.first_name, b.first_name, a.first_sound, b.first_sound), false) AS one_first,
        coalesce(
            starts_with(a.first_name, b.first_name || ' ') OR starts_with(b.first_name, a.first_name || ' '), false
        ) AS part_first,
        -- nicknames and names that were written twice wrongly: enough where the id number is the same
        coalesce(
            jaro_winkler_similarity(a.first_name, b.first_name) >= getvariable('first_name_similarity_min')
            OR jaro_winkler_similarity(a.first_name, b.last_name) >= getvariable('first_name_similarity_min'),
            true
        ) AS alike_first,
        -- first name and surname exchanged, or a second name that stands as the first surname
        coalesce(
            a.first_sound IN (b.last_sound, b.second_last_sound)
            AND b.first_sound IN (a.last_sound, a.second_last_sound),
            false
        ) AS exchanged
    FROM met
    JOIN party AS a ON a.party_id = party_a
    JOIN party AS b ON b.party_id = party_b
), compared AS (
    SELECT
        *,
        damerau_levenshtein(a.national_id, b.national_id) <= getvariable('national_id_typos_max') AS near_id,
        near_birth(a.birth_date, b.birth_date) AS near_birth,
        near_name(a.last_name, b.last_name, a.last_sound, b.last_sound) AS near_last,
        near_name(a.second_last_name, b.second_last_name, a.second_last_sound, b.second_last_sound) AS near_second,
        -- only one of two surnames is given, or both stand in one field
        coalesce(near_name(a.last_name, b.second_last_name, a.last_sound, b.second_last_sound), false)
            OR coalesce(near_name(b.last_name, a.second_last_name, b.last_sound, a.second_last_sound), false)
            OR coalesce(a.last_sound || a.second_last_sound = b.last_sound, false)
            OR coalesce(b.last_sound || b.second_last_sound = a.last_sound, false) AS crossed_last
    FROM called
    WHERE business OR same_id OR one_first OR part_first OR exchanged
), judged AS (
    SELECT
        *,
        exchanged OR one_first AND (near_last OR crossed_last) AS one_name,
        a.first_name = b.first_name AND a.last_name = b.last_name AS same_name,
        split_part(party_a, ':', 1) = split_part(party_b, ':', 1) AS one_silo,
        NOT coalesce(near_id, true) OR NOT coalesce(near_birth, true)
            OR NOT coalesce(near_second OR crossed_last OR exchanged, true)
            OR coalesce(a.initial <> b.initial, false) AS against
    FROM compared
)
SELECT *
FROM (
    SELECT
        party_a,
        party_b,
        a.national_id AS id_a,
        b.national_id AS id_b,
        a.birth_date AS birth_a,
        b.birth_date AS birth_b,
        CASE
            WHEN business THEN 6
            WHEN same_id AND one_name THEN 6
            -- one id number, but another name and no birthday in common: a parent's id on a child's contract
            WHEN same_id AND (
                coalesce(near_birth, false) OR one_first OR part_first OR exchanged OR alike_first
            ) THEN 5
            WHEN against THEN NULL
            WHEN at_mail AND (one_name OR part_first) THEN 4
            WHEN one_name AND a.birth_date = b.birth_date AND (same_name OR exchanged OR near_second OR kinds >= 2) THEN 4
            -- one slip; an id number that is equal, but of too many to be a key, says nothing
            WHEN one_name AND near_id AND a.national_id <> b.national_id THEN 3
            WHEN one_name AND at_hand AND (NOT one_silo OR near_second) THEN 2
            WHEN same_name AND NOT one_silo AND (a.birth_date IS NULL) <> (b.birth_date IS NULL)
                AND coalesce(a.email_hash = b.email_hash, true)
                AND f.bearers * l.bearers / f.parties < getvariable('namesakes_max')
                    -- one of some fifteen initials in use
                    * CASE WHEN a.initial = b.initial THEN 10 ELSE 1 END THEN 1
        END AS level
    FROM judged
    LEFT JOIN name AS f ON f.name = a.first_name
    LEFT JOIN name AS l ON l.name = a.last_name
)
WHERE level IS NOT NULL
