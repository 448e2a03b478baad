-- purpose: Which parties bear a full name that is rare now and was not, or the other way round.
-- into renamed
SELECT party_id
FROM kept.party
JOIN (
    SELECT first_name, last_name
    FROM (SELECT DISTINCT first_name, last_name FROM kept.party)
    JOIN kept.name AS f ON f.name = first_name
    JOIN kept.name AS l ON l.name = last_name
    JOIN name_before AS g ON g.name = first_name
    JOIN name_before AS m ON m.name = last_name
    WHERE (f.bearers * l.bearers / f.parties < getvariable('namesakes_max'))
            <> (g.bearers * m.bearers / g.parties < getvariable('namesakes_max'))
       OR (f.bearers * l.bearers / f.parties < getvariable('namesakes_max') * 10)
            <> (g.bearers * m.bearers / g.parties < getvariable('namesakes_max') * 10)
) USING (first_name, last_name)
