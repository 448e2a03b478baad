-- purpose: Two parties are one person: those alike, but for who has a better double in the same silo.
WITH directed AS (
    SELECT party_a AS party_id, party_b AS other_id, split_part(party_b, ':', 1) AS silo, level FROM party_alike
    UNION ALL
    SELECT party_b, party_a, split_part(party_a, ':', 1), level FROM party_alike
), rivalled AS (
    -- a silo knows a person once, as a rule: another record of it is he on better grounds, or on as good ones
    SELECT weak.party_id, weak.other_id
    FROM directed AS weak
    JOIN directed AS rival USING (party_id, silo)
    LEFT JOIN party_alike AS one
        ON one.party_a = least(weak.other_id, rival.other_id)
        AND one.party_b = greatest(weak.other_id, rival.other_id)
        AND one.level > 2
    WHERE weak.level <= 2 AND rival.level >= weak.level AND rival.other_id <> weak.other_id AND one.level IS NULL
)
FROM party_alike
WHERE (party_a, party_b) NOT IN (FROM rivalled)
  AND (party_b, party_a) NOT IN (FROM rivalled)
