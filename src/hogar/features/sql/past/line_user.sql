-- purpose: who uses a line; that is known of today only, so on a day before it is the holder
CREATE OR REPLACE VIEW past.line_user AS
SELECT * FROM main.line_user WHERE getvariable('as_of') >= getvariable('extracted')
UNION ALL BY NAME
SELECT line.line_id, party_person.person_id
FROM main.line
JOIN main.party_person ON party_person.party_id = line.holder_party_id
WHERE getvariable('as_of') < getvariable('extracted') AND line.started_on <= getvariable('as_of')
