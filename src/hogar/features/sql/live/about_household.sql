-- purpose: events by the household that they are about: that of the line's user, or of the party's person
SELECT id
FROM (
    SELECT taken.*, membership.household_id AS id
    FROM taken
    LEFT JOIN line_home ON line_home.line_id = taken._line
    LEFT JOIN party_person ON party_person.party_id = taken._party
    JOIN membership ON membership.person_id = coalesce(line_home.user_id, party_person.person_id)
) AS about
