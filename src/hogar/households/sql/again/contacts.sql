-- purpose: Whose contacts are looked at again, and the rows that this takes.
-- into mover
SELECT a AS person_id FROM delta_tie_link UNION SELECT b FROM delta_tie_link
-- into busy
-- who has come to talk with very many, or does no longer: he counts for nobody, or for all of them again
WITH side AS (
    SELECT a AS person_id, 1 AS now, 1 AS before FROM kept.tie_link WHERE a IN (FROM mover)
    UNION ALL SELECT b, 1, 1 FROM kept.tie_link WHERE b IN (FROM mover)
    UNION ALL SELECT unnest([a, b]), 0, 1 FROM gone_tie_link
    UNION ALL SELECT unnest([a, b]), 0, -1 FROM come_tie_link
)
SELECT person_id
FROM side
GROUP BY person_id
HAVING (sum(now) <= getvariable('contacts_max')) <> (sum(before) <= getvariable('contacts_max'))
-- into touched
FROM mover
UNION SELECT b FROM kept.tie_link WHERE a IN (FROM busy)
UNION SELECT a FROM kept.tie_link WHERE b IN (FROM busy)
-- into near_person
FROM touched
UNION SELECT b FROM kept.tie_link WHERE a IN (FROM touched)
UNION SELECT a FROM kept.tie_link WHERE b IN (FROM touched)
-- into tie_link
FROM kept.tie_link WHERE a IN (FROM near_person) OR b IN (FROM near_person)
