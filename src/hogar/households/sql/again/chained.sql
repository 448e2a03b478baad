-- purpose: Which parties hang together with one whose links changed, by its links now or before.
-- into touched
WITH RECURSIVE
side AS (
    SELECT party_a AS party_id, party_b AS other_id FROM every_party_link
    UNION ALL SELECT party_b, party_a FROM every_party_link
), reached AS (
    SELECT party_id FROM (
        SELECT party_id FROM delta_party
        UNION SELECT party_a FROM delta_party_link
        UNION SELECT party_b FROM delta_party_link
    )
    UNION
    SELECT other_id FROM reached JOIN side USING (party_id)
)
FROM reached
