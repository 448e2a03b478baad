-- purpose: events by the person that they are about: a line's is its user
SELECT id
FROM (
    SELECT taken.*, coalesce(line_home.user_id, party_person.person_id) AS id
    FROM taken
    LEFT JOIN line_home ON line_home.line_id = taken._line
    LEFT JOIN party_person ON party_person.party_id = taken._party
    WHERE coalesce(line_home.user_id, party_person.person_id) IS NOT NULL
) AS about
